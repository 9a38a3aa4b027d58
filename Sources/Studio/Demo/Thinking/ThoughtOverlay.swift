// The thinking on the table: fan, denoising, the expert's ghost, late answers.

import Foundation
import PlanarCore
import PlanarSceneDrawing

extension DemoSession {
  /// What is shown of how the present chunk came about, from the bottom up.
  func thoughtItems(_ pen: OverlayPen) -> [DrawItem] {
    (showing.contains(.fan) ? fanItems(pen) : [])
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
      lines.append(("expert: \(ghost.figures)", OverlayInk.ghost))
    }
    if showing.contains(.delay), let late = lateAnswer { lines.append((late.words, OverlayInk.past)) }
    return OverlayPen(bounds: world.drawList.bounds).captions(lines)
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
