// PushT on the screen: the window, the pusher, and where chunks send it.

import PlanarCore
import PlanarPolicyInterface
import PlanarSceneDrawing

extension PushTEnvironment {
  /// Walls, goal, T, the goal's outline and pusher, from the bottom up.
  public var drawList: DrawList {
    var list = PushTPicture.drawList(
      block: Pose(position: simulation.blockPosition, rotation: simulation.rotation))
    list.items.append(
      .disc(
        center: tip, radius: PushTConstants.pusherRadius * PushTPicture.metresPerPixel,
        fill: Color(hex: 0x4169E1)))
    return list
  }

  /// Where the pusher is, on the drawing, m.
  public var tip: Vec2 { PushTPicture.point(simulation.pusher) }
  /// Where the pusher was last told to go, on the drawing, m.
  public var commandedTip: Vec2 { PushTPicture.point(episode.target) }

  /// The targets of a chunk on the drawing, m, after the present one: `[horizon + 1]` points.
  public func commandedPath(of chunk: ActionChunk) -> [Vec2] {
    [commandedTip]
      + (0..<chunk.horizon).map { step in
        let action = chunk[step]
        return PushTPicture.point(PushTConstants.target(ofAction: action[0], action[1]))
      }
  }
}
