// planar demo without a window: lines, pictures, films.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarEvaluation
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts
import PlanarStudio

extension DemoCommand {
  /// The same rollouts without a window: every policy in turn on the same episodes.
  func runHeadless<World: LibraryEnvironment & DrawableEnvironment>(
    _ world: World, _ stop: StopFlag
  ) throws {
    if sideBySide || preset != nil { return try runSideBySide(world, stop) }
    let choice = try choice(of: command, in: world)
    var table = TextTable(header: [
      "policy", "obeyed", "success and 95 % interval", "steps", "inference",
    ])
    let film = try openFilm(width: 440)
    let pilots = try pilots(in: world)
    let folders = frames.map { frames in pilots.map { "\(frames)/\($0.name.replacing("/", with: "-"))" } }
    let claims = try (folders ?? []).map {
      try FolderClaim(
        of: URL(fileURLWithPath: $0, isDirectory: true), as: .pictures, to: overwrite ? .overwrite : .begin)
    }
    defer { claims.forEach { $0.release() } }
    for (index, pilot) in pilots.enumerated() where !stop.isRaised {
      var session = try DemoSession(
        world: world, pilots: [pilot], firstSeed: seed,
        command: choice, expert: world.scriptedExpert)
      session.showing = views
      let summary = try HeadlessDemo(episodes: episodes, framesFolder: folders?[index], film: film)
        .run(&session, stop: stop) { print($0) }
      let success = Proportion(successes: summary.successes, trials: summary.episodes)
      table.rows.append([
        pilot.name, "\(summary.successes) of \(summary.episodes)", rateText(success),
        summary.meanStepsToSuccess.map { fixed($0, 1) } ?? "–", "\(summary.medianInference) µs",
      ])
      print("")
    }
    print(table.text)
    try film?.finish()
    try printNextSteps(after: world)
  }

  /// All policies at once, in the same pictures.
  private func runSideBySide<World: LibraryEnvironment & DrawableEnvironment>(
    _ world: World, _ stop: StopFlag
  ) throws {
    let film = try openFilm(width: 760)
    let claim = try claimFrames()
    defer { claim?.release() }
    var controls = try controls(
      in: world, firstSeed: seed, driving: nil, command: command, view: DemoView(showing: views))
    try HeadlessDemo(episodes: episodes, framesFolder: frames, film: film)
      .run(sideBySide: &controls, stop: stop) { print($0) }
    print("")
    print(sideBySideTable(of: controls.lanes.map(\.pilot.name), controls.tally).text)
    try film?.finish()
    try printNextSteps(after: world)
  }

  /// The policies in the scenes that all of them drove, each beside the first.
  private func sideBySideTable(of names: [String], _ tally: LaneTally) -> TextTable {
    var table = TextTable(header: ["policy", "obeyed", "success and 95 % interval", "only it", "only \(names[0])"])
    for (lane, name) in names.enumerated() where tally.episodes > 0 {
      table.rows.append(
        [
          name, "\(tally.successes[lane]) of \(tally.episodes)",
          rateText(Proportion(successes: tally.successes[lane], trials: tally.episodes)),
        ] + (lane == 0 ? ["–", "–"] : ["\(tally.onlyHere[lane])", "\(tally.onlyFirst[lane])"]))
    }
    return table
  }

  /// The folder of --frames; nil where none is asked for.
  func claimFrames() throws -> FolderClaim? {
    try frames.map {
      try FolderClaim(
        of: URL(fileURLWithPath: $0, isDirectory: true), as: .pictures, to: overwrite ? .overwrite : .begin)
    }
  }

  /// - Throws: `UserError` where the film is there already, and as `DemoFilm`.
  func openFilm(width: Int) throws -> DemoFilm? {
    guard let film else { return nil }
    guard overwrite || !FileManager.default.fileExists(atPath: film) else {
      throw UserError("\(film) is there already; give --overwrite to replace it, or another --film")
    }
    try makeFolder(URL(fileURLWithPath: film).deletingLastPathComponent())
    return try DemoFilm(to: film, width: width)
  }

  func printNextSteps(after world: some LibraryEnvironment) throws {
    if let preset, Set(preset.lanes.map(\.policy)).count > 1 {
      let policies = preset.lanes.map(\.policy).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      return suggest([NextCommand(["compare", "policies"] + policies)], saying: "\nNext:")
    }
    guard let policy = try policyNames?.first ?? DemoPilots.shipped(for: world).last else { return }
    let place = environment.givenEnvironment.map { ["--environment", $0] } ?? []
    suggest([NextCommand(["eval", "--policy", policy] + place)], saying: "\nNext:")
  }
}
