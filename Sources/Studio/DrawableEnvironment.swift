// What a session needs of an environment beyond stepping it: a picture, the tip, and new commands.

import ArmEnvironments
import PlanarCore
import PolicyInterface
import SceneDrawing

/// An environment that a person can watch and talk to.
public protocol DrawableEnvironment: Environment {
  /// The scene as it is now.
  var drawList: DrawList { get }
  /// Where the tip is, m.
  var tip: Vec2 { get }
  /// Where the arm is told to bring its tip, m.
  var commandedTip: Vec2 { get }
  /// Where the commanded tip would go under a chunk, `[horizon + 1]` points from where it is now, m.
  func commandedPath(of chunk: ActionChunk) -> [Vec2]
  /// Gives another command in the middle of an episode; the world goes on as it is.
  ///
  /// - Throws: `UserError` that says why the text cannot be obeyed; nothing has changed then.
  mutating func give(command text: String) throws
}

extension ArmEnvironment: DrawableEnvironment {}

extension PushTEnvironment: DrawableEnvironment {}
extension PushTArmEnvironment: DrawableEnvironment {}
