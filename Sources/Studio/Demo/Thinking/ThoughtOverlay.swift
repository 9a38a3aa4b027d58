// The thinking on the table: fan, denoising, the expert's ghost, late answers.

import Foundation
import PlanarCore
import PlanarSceneDrawing

extension DemoSession {
  /// What is shown of how the present chunk came about, from the bottom up.
  func thoughtItems(_ pen: OverlayPen) -> [DrawItem] {
    (showing.contains(.attention) ? gazeItems(pen) : [])
      + (showing.contains(.fan) ? fanItems(pen) : [])
      + (showing.contains(.ghost) ? ghostItems(pen) : [])
      + (showing.contains(.delay) ? lateItems(pen) : [])
      + (isDenoising ? denoisingItems(pen) : [])
  }

  /// The figures of what is shown, in the scene's upper left corner: for pictures without a panel.
  var captions: [DrawItem] {
    guard status == .running else { return [] }
    var lines: [(text: String, color: Color)] = []
    if isDenoising, let step = shownDenoisingStep, let last = denoisingSteps?.upperBound {
      lines.append((step == 0 ? "noise" : "denoising step \(step) of \(last)", OverlayInk.chunk))
    }
    if showing.contains(.ghost), let ghost = thought.ghost {
      lines.append(("expert: \(ghost.figures(in: world))", OverlayInk.ghost))
    }
    if showing.contains(.attention), let gaze = thought.gaze {
      lines.append(("looks at: \(gaze.figures)", OverlayInk.gaze))
      if !gaze.topWords.isEmpty { lines.append((gaze.topWords, OverlayInk.gaze)) }
    }
    if showing.contains(.visits), let shares = sharesOutside {
      let text = String(format: "red: %.1f %% of its time where no demonstration goes", 100 * shares.driver)
      lines.append(("teal: demonstrations", OverlayInk.ghost))
      lines.append((text, OverlayInk.chunk))
    }
    if showing.contains(.delay), let late = lateAnswer { lines.append((late.words, OverlayInk.past)) }
    return OverlayPen(bounds: world.drawList.bounds).captions(lines)
  }

  // MARK: Attention

  /// A ring around each object that is seen, the wider and stronger the more it is looked at, with its share.
  private func gazeItems(_ pen: OverlayPen) -> [DrawItem] {
    let ink = OverlayInk.gaze
    var items: [DrawItem] = []
    for (place, share) in thought.gaze?.objects ?? [] {
      let radius = pen.size * (4.5 + 5 * share)
      let halo = Outline(color: OverlayPen.halo, width: pen.size * (0.5 + 1.6 * share))
      let ring = Outline(color: ink.opacity(0.25 + 0.75 * Float(share)), width: pen.size * (0.25 + 1.4 * share))
      items.append(.disc(center: place, radius: radius, fill: .clear, outline: halo))
      items.append(.disc(center: place, radius: radius, fill: .clear, outline: ring))
      let above = place + Vec2(0, radius + pen.size * 2.4)
      let percent = Int((100 * share).rounded())
      items.append(.text("\(percent) %", at: above, height: pen.size * 2.4, color: ink))
    }
    return items
  }

  // MARK: Fan

  private func fanItems(_ pen: OverlayPen) -> [DrawItem] {
    let ink = OverlayInk.fan
    let paths = (thought.fan ?? []).filter { $0.count > 1 }
    return paths.map { .polyline($0, width: pen.size * 0.24, color: ink.opacity(0.32)) }
      + paths.map { .disc(center: $0[$0.count - 1], radius: pen.size * 0.4, fill: ink.opacity(0.45)) }
  }

  // MARK: Denoising

  private func denoisingItems(_ pen: OverlayPen) -> [DrawItem] {
    guard let paths = thought.denoising, let step = shownDenoisingStep else { return [] }
    let ink = OverlayInk.chunk
    var items: [DrawItem] = paths[..<step].enumerated().map { index, path in
      .polyline(path, width: pen.size * 0.18, color: ink.opacity(0.1 + 0.22 * Float(index + 1) / Float(step)))
    }
    items += pen.line(paths[step], width: 0.4, color: ink.opacity(0.85))
    items += paths[step].dropFirst().map { point in
      .disc(
        center: point, radius: pen.size * 0.55, fill: ink,
        outline: Outline(color: OverlayPen.halo, width: pen.size * 0.18))
    }
    return items + pen.ring(at: paths[step][0], radius: 0.95, color: ink)
  }

  // MARK: Ghost

  private func ghostItems(_ pen: OverlayPen) -> [DrawItem] {
    guard let ghost = thought.ghost, let end = ghost.path.last else { return [] }
    let ink = OverlayInk.ghost
    return pen.dashes(ghost.path, width: 0.5, color: ink)
      + [
        .disc(
          center: end, radius: pen.size * 0.8, fill: .white, outline: Outline(color: ink, width: pen.size * 0.45))
      ]
  }

  // MARK: Late answers

  private func lateItems(_ pen: OverlayPen) -> [DrawItem] {
    guard let late = lateAnswer else { return [] }
    let ink = OverlayInk.past
    var items = pen.ring(at: late.asked, radius: 1.3, color: ink)
    if late.stepsLeft > 0 {
      items += pen.line(late.oldPath, width: 0.5, color: ink.opacity(0.8))
      return items + pen.dashes(late.plannedPath, width: 0.35, color: OverlayInk.chunk.opacity(0.7))
    }
    items += pen.dashes(late.plannedPath, width: 0.25, color: OverlayInk.chunk.opacity(0.35))
    return items + pen.dashes(late.givenUp, width: 0.5, color: ink.opacity(0.8))
  }
}
