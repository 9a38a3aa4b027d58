// A person for tests of teleoperation, and a folder for what is kept.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarStudio
import PlanarViewer

/// A folder that is gone with its last owner.
final class DataFolder {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  deinit { try? FileManager.default.removeItem(at: url) }
}

func makeTeleop<World: DrawableEnvironment>(
  _ world: World, in folder: DataFolder, firstSeed: UInt64 = 1_000_000,
  command: CommandChoice = .drawn, wantedEpisodes: Int? = nil
) throws -> TeleopControls<World> {
  let dataset = try TeleopDataset(at: folder.url, of: world)
  return TeleopControls(
    session: try TeleopSession(
      world: world, dataset: dataset, firstSeed: firstSeed, command: command),
    wantedEpisodes: wantedEpisodes)
}

/// Somebody whose pointer is always where an expert would have the tip next.
struct Person<Script: Expert> where Script.World: DrawableEnvironment {
  var script: Script

  /// Takes the tip and leads it to the episode's end.
  ///
  /// - Returns: the actions that the expert wanted.
  mutating func drive(_ controls: inout TeleopControls<Script.World>) -> [Action] {
    script.beginEpisode(seed: controls.session.world.info.seed)
    controls.handle(.mousePressed(controls.session.world.commandedTip, .left))
    var wanted: [Action] = []
    while controls.session.phase == .driving {
      let world = controls.session.world
      let action = script.action(in: world)
      wanted.append(action)
      let chunk = ActionChunk(horizon: 1, dimension: action.count, values: action)
      controls.handle(.mouseMoved(world.commandedPath(of: chunk)[1]))
      _ = controls.takeStep()
    }
    return wanted
  }
}

extension TeleopControls {
  mutating func press(_ key: Key, _ modifiers: Modifiers = []) { handle(.key(key, modifiers)) }

  /// Control steps while nothing happens.
  mutating func wait(_ steps: Int) { for _ in 0..<steps { _ = takeStep() } }
}
