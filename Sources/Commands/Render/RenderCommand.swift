// planar render: one episode as a picture, a film or a page, without a display.

import ArgumentParser
import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarPlanning
import PlanarPolicyInterface
import PlanarRollouts
import PlanarStudio

struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Show one episode as a picture, a film or a page, without a display.",
    discussion: """
      A policy drives one episode, the same that the window shows under the same seed.
      The ending of --output says what becomes of it:
        .png         a picture of its last moment
        .gif, .mp4   a film, by ffmpeg, at twice the episode's speed
        .html        a page for any browser, with a slider through the episode
      Several policies stand side by side, in the same scene.

      Examples:
        planar render --policy push-flow --seed 2003 --output runs/seed-2003.png
        planar render --policy push-flow --command "push the red square to the left zone" --output runs/red.mp4
        planar render --policy push-regression --policy push-flow --seed 2003 --output runs/both.html
        planar render --environment detour --policy detour-flow --show fan,ghost --output runs/fan.gif
      """)

  /// What is made, by the ending of its name.
  private enum Form: String, CaseIterable { case png, gif, mp4, html }

  @Option(
    help:
      "Who drives: a checkpoint, 'expert', 'planner' or 'random'; may be given again, up to four times. Default: push-flow."
  )
  var policy: [String] = []

  @OptionGroup var environment: EnvironmentOptions

  @Option(
    help:
      "The command; scenes without the named object are passed over. 'blank', 'nonsense', 'negated': no words, syllables, or 'do not do this:' and the scene's own. Default: the scene's own."
  )
  var command: String?

  @Option(within: SeedRanges.all, help: "Seed of the episode.")
  var seed: UInt64 = 2000

  @OptionGroup var execution: ExecutionOptions

  @OptionGroup var sampling: SamplingOptions

  @OptionGroup var planner: PlannerOptions

  @Option(
    help: ArgumentHelp(
      "What to show of the policy's thinking; see 'planar demo'. Not in pages.", valueName: "views"),
    transform: DemoCommand.views)
  var show: Set<ThinkingView> = []

  @Option(within: 64...4_096, help: "Width of a picture or film, px.")
  var width = 840

  @Option(help: "The file to write; its ending says what: .png, .gif, .mp4 or .html.")
  var output: String

  @Flag(help: "Replace the file if it is there.")
  var overwrite = false

  private var policies: [String] { policy.isEmpty ? ["push-flow"] : policy }

  func run() throws {
    let file = URL(fileURLWithPath: output)
    guard let form = Form(rawValue: file.pathExtension.lowercased()) else {
      throw UserError("what is made has a name that ends in .png, .gif, .mp4 or .html, and '\(output)' does not")
    }
    guard overwrite || !FileManager.default.fileExists(atPath: file.path) else {
      throw UserError("\(output) is there already; give --overwrite to replace it, or another --output")
    }
    guard (1...4).contains(policies.count) else {
      throw UserError("--policy is given \(policies.count) times, and at most four stand side by side; give fewer")
    }
    guard !show.contains(.curves) else {
      throw UserError(
        "curves stand along the window's bar of time, which is not in pictures; leave 'curves' out of --show")
    }
    guard form != .html || show.isEmpty else {
      throw UserError(
        "--show is not in pages; give --output a name that ends in .png, .gif or .mp4, or leave --show out")
    }
    try makeFolder(file.deletingLastPathComponent())
    let signals = StopSignals()
    try render(environment.load(for: policies), form, to: file, signals.flag)
    try signals.exitIfStopped()
  }

  private func render<World: LibraryEnvironment & DrawableEnvironment>(
    _ world: World, _ form: Form, to file: URL, _ stop: StopFlag
  ) throws {
    var controls = try controls(in: world)
    // The file is claimed before the work; it gets its place when it is whole.
    switch form {
    case .gif, .mp4:
      let film = try DemoFilm(to: file.path, width: width)
      let demo = HeadlessDemo(episodes: 1, film: film)
      if controls.lanes.count == 1 {
        _ = try demo.run(&controls.session, stop: stop) { _ in }
      } else {
        try demo.run(sideBySide: &controls, stop: stop) { _ in }
      }
      guard !stop.isRaised else { return }
      try film.finish()
    case .png, .html:
      var made = try PartialFile(replacing: file)
      for lane in controls.lanes { lane.finishSurveys(stop) }
      while controls.isRunning, !stop.isRaised { _ = controls.advance() }
      guard !stop.isRaised else { return }
      try made.write(form == .html ? controls.page : Data(controls.picture.image(width: width).pngData()))
      try made.commit()
    }
    print("\"\(controls.session.command)\"")
    for line in controls.standing { print(line) }
    print(file.relativePath)
  }

  private func controls<World: LibraryEnvironment & DrawableEnvironment>(in world: World) throws -> DemoControls<World>
  {
    let maker = DemoPilots(execution: execution.execution, sampling: sampling, planner: planner.configuration)
    let session = try DemoSession(
      world: world, pilots: maker.pilots(policies, in: world), firstSeed: seed,
      command: CommandChoice(typed: command, in: world), expert: world.scriptedExpert)
    let lanes = try session.pilots.indices.map { try session.beside(drivenBy: $0) }
    return DemoControls(lanes: lanes, view: DemoView(showing: show, showsInitials: false))
  }
}

extension CommandChoice {
  /// What is told in every episode: a command, or a word for a text that is none; nil for each scene's own.
  ///
  /// - Throws: `UserError` where the world has no such command.
  init(typed command: String?, in world: some LibraryEnvironment) throws {
    guard let command else {
      self = .drawn
      return
    }
    if let unsaid = UnsaidCommand(rawValue: command) {
      self = .unsaid(unsaid)
      return
    }
    try world.check(command: command)
    self = .text(command)
  }
}
