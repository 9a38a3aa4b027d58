// The predicted chunk on the table: a line of dots that fade with the time until they are due.

import PlanarCore
import PlanarSceneDrawing

extension DemoSession {
  /// The scene as people see it: on the table, under the things, where demonstrations and the driver go.
  var shownScene: DrawList {
    var list = world.drawList
    if showing.contains(.visits) { list.items = visitItems + list.items }
    return list
  }

  /// What people see and policies never do: the path of the commanded tip under the present chunk, and what is shown of
  /// how it came about. Nothing once the attempt is over.
  public var overlay: [DrawItem] {
    let pen = OverlayPen(bounds: world.drawList.bounds)
    guard status == .running else { return pathItems(pen) }
    return pathItems(pen) + thoughtItems(pen) + (isDenoising ? [] : chunkItems(pen))
  }

  /// Solid dots will be executed before the next prediction, hollow ones are only foreseen; dots already executed are
  /// gone.
  private func chunkItems(_ pen: OverlayPen) -> [DrawItem] {
    guard let chunk = shownChunk else { return [] }
    let ink = OverlayInk.chunk
    let rest = Array(chunk.path.dropFirst(chunk.executedSteps))
    guard rest.count > 1 else { return [] }
    var items = pen.line(rest, width: 0.35, color: ink.opacity(0.35))
    for (index, point) in rest.enumerated().reversed() where index > 0 {
      let step = chunk.executedSteps + index
      let fade = 1 - 0.6 * Float(index) / Float(chunk.path.count)
      if step <= chunk.executionHorizon {
        items.append(
          .disc(
            center: point, radius: pen.size * 0.66, fill: ink.opacity(fade),
            outline: Outline(color: OverlayPen.halo.opacity(fade), width: pen.size * 0.18)))
      } else {
        items.append(
          .disc(
            center: point, radius: pen.size * 0.5, fill: Color.white.opacity(fade * 0.8),
            outline: Outline(color: ink.opacity(fade), width: pen.size * 0.28)))
      }
    }
    return items + pen.ring(at: rest[0], radius: 0.95, color: ink)
  }
}

extension DemoControls {
  /// The hand on a body: from where it took hold to where it drags.
  var handOverlay: [DrawItem] {
    guard let (held, wanted) = session.handReach else { return [] }
    let ink = OverlayInk.hand
    let size = session.world.drawList.bounds.height / 100
    return [
      .polyline([held, wanted], width: size * 0.5, color: ink.opacity(0.6)),
      .disc(
        center: wanted, radius: size * 1.6, fill: ink.opacity(0.25),
        outline: Outline(color: ink, width: size * 0.35)),
    ]
  }
}
