// The predicted chunk on the table: a line of dots that fade with the time until they are due.

import PlanarCore
import PlanarSceneDrawing

extension DemoSession {
  /// What people see and policies never do: the path of the commanded tip under the present chunk.
  ///
  /// Solid dots will be executed before the next prediction, hollow ones are only foreseen; dots already
  /// executed are gone, and all are when the attempt is over.
  public var overlay: [DrawItem] {
    guard status == .running, let chunk = shownChunk else { return [] }
    let ink = Color(hex: 0xd9531e)
    let size = world.drawList.bounds.height / 100
    let rest = Array(chunk.path.dropFirst(chunk.executedSteps))
    guard rest.count > 1 else { return [] }
    var items: [DrawItem] = [
      .polyline(rest, width: size * 0.35, color: ink.opacity(0.25))
    ]
    for (index, point) in rest.enumerated().reversed() where index > 0 {
      let step = chunk.executedSteps + index
      let fade = 1 - 0.75 * Float(index) / Float(chunk.path.count)
      if step <= chunk.executionHorizon {
        items.append(.disc(center: point, radius: size * 0.62, fill: ink.opacity(fade)))
      } else {
        items.append(
          .disc(
            center: point, radius: size * 0.5, fill: Color.white.opacity(fade * 0.8),
            outline: Outline(color: ink.opacity(fade), width: size * 0.28)))
      }
    }
    items.append(
      .disc(
        center: rest[0], radius: size * 0.95, fill: .clear,
        outline: Outline(color: ink, width: size * 0.35)))
    return items
  }
}

extension DemoControls {
  /// The hand on a body: from where it took hold to where it drags.
  var handOverlay: [DrawItem] {
    guard let (held, wanted) = session.handReach else { return [] }
    let ink = Color(hex: 0x2f6db5)
    let size = scene.bounds.height / 100
    return [
      .polyline([held, wanted], width: size * 0.5, color: ink.opacity(0.6)),
      .disc(
        center: wanted, radius: size * 1.6, fill: ink.opacity(0.25),
        outline: Outline(color: ink, width: size * 0.35)),
    ]
  }
}
