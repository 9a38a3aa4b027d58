// planar record --from teleop: a person drives, and what is kept becomes a dataset.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarStudio

/// Demonstrations driven by a person in a window.
struct TeleopRecording {
  /// What the command says, for `--help`.
  static let help = """
    By hand, --from teleop opens a window: click on the table and the tip
    follows the pointer, or steer with the arrow keys; G opens and closes a
    gripper. A gamepad does it all, too: its left stick leads the tip. After
    each episode L shows it once more, Enter keeps it and Backspace discards it;
    R tries the same scene again; Q saves and quits. Kept episodes are on disk
    at once. The same command continues a recording that teleoperation has
    begun.
    """

  /// Kept episodes after which the window closes; nil goes on until the person quits.
  var episodes: Int?
  var firstSeed: UInt64
  /// Every scene's command; nil takes each scene's own.
  var command: String?
  var labelStride: Int
  /// The folder of the dataset.
  var output: String
  /// Whether a dataset in the folder is replaced.
  var overwrites = false
  /// The environment as it was named, for what to do next.
  var environment: String
  /// How the window looks at first.
  var theme = SessionWindow.Theme.light

  /// Opens the window and returns when it is closed or `stop` is raised.
  ///
  /// - Throws: `UserError` where there is no display, the folder holds other data, or the disk refuses.
  func run(in world: any LibraryEnvironment, stop: StopFlag) throws {
    guard hasDisplay else {
      throw UserError(
        "teleoperation needs a window, but there is no display; start it from a desktop session, or let the expert drive: planar record --from expert"
      )
    }
    try SeedRanges.requireTraining(firstSeed: firstSeed)
    if let command { try world.check(command: command) }
    try drive(world, stop)
  }

  private func drive<World: DrawableEnvironment>(_ world: World, _ stop: StopFlag) throws {
    let folder = URL(fileURLWithPath: output, isDirectory: true)
    let claim = try FolderClaim(of: folder, as: .dataset, to: overwrites ? .overwrite : .beginOrGoOn)
    defer { claim.release() }
    let dataset = try TeleopDataset(at: folder, of: world, labelStride: labelStride)
    var controls = TeleopControls(
      session: try TeleopSession(
        world: world, dataset: dataset, firstSeed: firstSeed,
        command: command.map { .text($0) } ?? .drawn),
      wantedEpisodes: episodes)
    var window = SessionWindow()
    window.theme = theme
    window.usesGamepad = true
    let end = Result { try window.run(&controls, stop: stop) { print($0) } }
    // However the window has ended, an episode that waits to be kept is.
    try controls.session.finish()
    let counts = controls.session.counts
    let info = controls.session.dataset.info
    print(
      "kept \(counts.kept) episodes (\(counts.keptSuccesses) successful), discarded \(counts.discarded); \(info.episodeCount) episodes, \(info.frameCount) frames, \(info.labelCount) labels in \(output)"
    )
    try end.get()
    guard info.episodeCount > 0 else { return }
    suggest([.training(on: output, in: environment)])
  }
}
