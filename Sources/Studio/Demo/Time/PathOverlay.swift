// Where the tip will go and would have gone: the known future, and the futures that were left.

import PlanarCore
import PlanarSceneDrawing

extension DemoSession {
  /// Where the tip went in the futures that were left for another one, m, the newest last; each begins where it was left.
  public var otherFutures: [[Vec2]] { timeline.otherFutures.map(\.path) }

  /// The futures that were left as faint lines, beside them the way that was taken instead; in the past, the known
  /// future.
  func pathItems(_ pen: OverlayPen) -> [DrawItem] {
    var items = timeline.otherFutures.flatMap { pen.line($0.path, width: 0.35, color: OverlayInk.past.opacity(0.6)) }
    if let left = timeline.otherFutures.last, step > left.step, left.step >= timeline.first {
      items += pen.line(timeline.path(left.step...step), width: 0.35, color: OverlayInk.hand.opacity(0.75))
    }
    if isInPast {
      items += pen.line(timeline.path(step...timeline.last), width: 0.35, color: OverlayInk.hand.opacity(0.45))
    }
    return items
  }
}
