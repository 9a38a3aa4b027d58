// PushT with an arm on the screen: the window, the arm, and where chunks send its tip.

import PlanarCore
import PlanarPolicyInterface
import PlanarSceneDrawing

extension PushTArmEnvironment {
  /// Walls, goal, T, the goal's outline and arm, from the bottom up.
  public var drawList: DrawList {
    var list = PushTPicture.drawList(block: blockPose)
    list.items += armItems(physics.arm)
    return list
  }

  /// Where the tip is, m.
  public var tip: Vec2 { physics.arm.tip }

  /// The targets of a chunk, m, after where the tip is led now: `[horizon + 1]` points.
  public func commandedPath(of chunk: ActionChunk) -> [Vec2] {
    [commandedTip]
      + (0..<chunk.horizon).map { step in
        let action = chunk[step]
        return specification.workspace(
          PushTPicture.point(PushTConstants.target(ofAction: action[0], action[1])))
      }
  }
}
