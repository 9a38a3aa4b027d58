// planar demo: watch policies obey commands, in a window or as text.

import ArgumentParser
import ArmEnvironments
import Evaluation
import Foundation
import PlanarCore
import Policies
import PolicyInterface
import Studio

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Watch policies obey typed commands, in a window or, without a display, as text.",
    discussion: """
      In the window: type a command and press Enter; 1 to 4 or Tab switches the policy; N next episode; Space
      pauses; S steps; P saves a screenshot; H shows all keys.

      Examples:
        planar demo
        planar demo --headless --episodes 10 --command "push the red square to the left zone"
        planar demo --headless --episodes 2 --frames runs/frames
      """)

  /// The shipped policies in the order of the keys 1 to 4.
  private static let shipped = ["regression", "dagger", "diffusion", "flow"]

  @OptionGroup var environment: EnvironmentOptions

  @Option(help: "Checkpoint folders, 'expert', 'planner' or 'random', separated by commas. Default: the shipped ones.")
  var policies: String?

  @Option(help: "The command of every episode; scenes without the named object are passed over. Default: each scene's own.")
  var command: String?

  @Option(help: "Seed of the first episode.")
  var seed: UInt64 = 2000

  @Option(help: "Steps executed of each predicted chunk. Default: the checkpoint's.")
  var executionHorizon: Int?

  @OptionGroup var planner: PlannerOptions

  @Flag(help: "No window: one line per chunk and a summary.")
  var headless = false

  @Option(help: "Headless: episodes per policy.")
  var episodes = 5

  @Option(help: "Headless: save every control step as a PNG in this folder.")
  var frames: String?

  func validate() throws { try validateEpisodes(episodes, firstSeed: seed) }

  func run() throws {
    let interrupt = Interrupt()
    let world = try environment.load()
    guard let drawable = world as? any LibraryEnvironment & DrawableEnvironment else {
      throw UserError("environment '\(world.name)' cannot be drawn")
    }
    try show(drawable, interrupt)
  }

  private func show<World: LibraryEnvironment & DrawableEnvironment>(
    _ world: World, _ interrupt: Interrupt
  ) throws {
    if let command { try world.check(command: command) }
    let pilots = try makePilots(in: world)
    let choice = command.map { CommandChoice.text($0) } ?? .drawn

    if !headless {
      guard ProcessInfo.processInfo.environment["DISPLAY"] != nil
        || ProcessInfo.processInfo.environment["WAYLAND_DISPLAY"] != nil
      else {
        print("No display, so the demo runs as text (planar demo --headless).\n")
        try runHeadless(world, pilots, choice, interrupt.flag)
        return
      }
      var session = try DemoSession(
        world: world, pilots: pilots, firstSeed: seed, command: choice)
      session.selectPilot(pilots.count - 1)
      try DemoWindow().run(session, stop: interrupt.flag)
      printNextSteps(after: world)
    } else {
      try runHeadless(world, pilots, choice, interrupt.flag)
    }
  }

  private func makePilots<World: LibraryEnvironment & DrawableEnvironment>(
    in world: World
  ) throws -> [DemoPilot<World>] {
    let names = try policies.map {
      $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    } ?? shippedCheckpoints(for: world.name)
    guard !names.isEmpty else { throw UserError("--policies names no policy") }
    return try names.map { name in
      switch try NamedActor(name, in: world, planner: planner.configuration).actor {
      case .expert(let expert):
        return DemoPilot(name: name, kind: .expert(expert, Horizons()))
      case .random(let actions): return DemoPilot(name: name, kind: .random(actions))
      case .policy(let policy), .mixture(let policy, _, _):
        return DemoPilot(
          name: URL(fileURLWithPath: name).lastPathComponent, detail: policy.name,
          kind: .policy(policy), executionHorizon: executionHorizon)
      }
    }
  }

  /// - Throws: `UserError` where none was made for the environment.
  private func shippedCheckpoints(for environmentName: String) throws -> [String] {
    let folder = try EnvironmentLibrary.home().appendingPathComponent("Assets/checkpoints")
    let paths = DemoCommand.shipped.map {
      folder.appendingPathComponent("\(environmentName)-\($0)").path
    }
    guard environmentName == "push" || paths.contains(where: FileManager.default.fileExists) else {
      throw UserError(
        "no checkpoint for '\(environmentName)' is shipped; give --policies planner, or folders of checkpoints trained for it"
      )
    }
    return paths
  }

  /// The same rollouts without a window: every policy in turn on the same episodes.
  private func runHeadless<World: LibraryEnvironment & DrawableEnvironment>(
    _ world: World, _ pilots: [DemoPilot<World>], _ choice: CommandChoice, _ stop: StopFlag
  ) throws {
    var table = TextTable(header: [
      "policy", "obeyed", "success and 95 % interval", "steps", "inference",
    ])
    for pilot in pilots where !stop.isRaised {
      var session = try DemoSession(
        world: world, pilots: [pilot], firstSeed: seed, command: choice)
      let folder = frames.map { "\($0)/\(pilot.name)" }
      let summary = try HeadlessDemo(episodes: episodes, framesFolder: folder)
        .run(&session, stop: stop) { print($0) }
      let success = Proportion(successes: summary.successes, trials: summary.episodes)
      table.rows.append([
        pilot.name, "\(summary.successes) of \(summary.episodes)", rateText(success),
        summary.meanStepsToSuccess.map { fixed($0, 1) } ?? "–", "\(summary.medianInference) µs",
      ])
      print("")
    }
    print(table.text)
    printNextSteps(after: world)
  }

  private func printNextSteps(after world: some LibraryEnvironment) {
    guard world.name == "push" else { return }
    print(
      """

      Next, try:
        .build/release/planar eval --policy Assets/checkpoints/push-flow
        .build/release/planar compare covariate-shift --quick
      """)
  }
}
