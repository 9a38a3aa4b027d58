// planar demo: watch policies obey commands, in a window or as text.

import ArgumentParser
import PlanarArmEnvironments
import PlanarEvaluation
import Foundation
import PlanarCore
import PlanarExperiments
import PlanarPlanning
import PlanarPolicies
import PlanarPolicyInterface
import PlanarStudio

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Watch policies obey typed commands, in a window or, without a display, as text.",
    discussion: """
      In the window: type a command and press Enter. 1 to 9 or Tab switches the
      policy, Space pauses, '.' takes one step. With Ctrl: N next scene, R the same
      again, E next environment, G next level of randomization, L other language, I
      what the camera sees, P saves a screenshot, H shows all keys, Q quits; F, D, T
      and W show how the policy comes to its chunks (--show says what each is). Drag
      things with the mouse; the wheel zooms. Left and Right go through the episode
      step by step, as the bar below the scene does; Space goes on from there, and
      '-' and '+' change the speed.

      Examples:
        planar demo
        planar demo --environment pusht --policies random
        planar demo --headless --episodes 10 --command "push the red square to the left zone"
        planar demo --headless --episodes 2 --frames runs/frames
        planar demo --headless --episodes 2 --film runs/film.png
        planar demo --headless --policies push-flow --seed 1017 --episodes 1 --film runs/seed-1017.mp4
        planar demo --environment detour --show fan,ghost
        planar demo --preset modes
        planar demo --policies push-regression,push-flow --side-by-side
        planar demo --tour
        planar demo --learn
        planar demo --environment detour --headless --episodes 1 --show denoising --film runs/denoising.png
      """)

  @OptionGroup var environment: EnvironmentOptions

  @Option(
    help:
      "Checkpoint folders, 'expert', 'planner' or 'random', separated by commas. Default: the shipped checkpoints of the environment; where there are none, whoever else can drive there."
  )
  var policies: String?

  @Flag(
    help:
      "Two minutes of what there is to see: commands, disturbances, covariate shift, modes, denoising, late answers. With --headless --film: as a film."
  )
  var tour = false

  @Flag(help: "The first four policies side by side, in the same scenes at the same time.")
  var sideBySide = false

  @Option(help: ArgumentHelp("\(DemoPreset.help)", valueName: "preset"), transform: DemoPreset.named)
  var preset: DemoPreset?

  @Option(
    help:
      "The command of every episode; scenes without the named object are passed over. 'blank', 'nonsense', 'negated': no words, syllables, or 'do not do this:' and the scene's own. Default: each scene's own."
  )
  var command: String?

  @Option(within: SeedRanges.all, help: "Seed of the first episode.")
  var seed: UInt64 = 2000

  @OptionGroup var execution: ExecutionOptions

  @OptionGroup var sampling: SamplingOptions

  @OptionGroup var planner: PlannerOptions

  @OptionGroup var learning: LearningOptions

  @Option(
    help: ArgumentHelp(
      "What to show of the policy's thinking, separated by commas. 'fan': more samples of its chunk; 'denoising': from noise to the chunk (flow and diffusion); 'ghost': what the expert would do, and the angle between; 'delay': late answers, with --delay.",
      valueName: "views"),
    transform: DemoCommand.views)
  var show: Set<ThinkingView> = []

  @Flag(help: "No window: one line per chunk and a summary.")
  var headless = false

  @Option(within: SeedRanges.counts, help: "Headless: episodes per policy.")
  var episodes = 5

  @Option(help: "Headless: save every control step as a PNG in this folder, in one of its own for each policy.")
  var frames: String?

  @Flag(help: "With --frames and --film: replace the pictures and the film that are there; other files stay.")
  var overwrite = false

  @Option(
    help:
      "Headless: save what is shown as a moving picture in this file, at twice the episodes' speed: an animated .png, or, by ffmpeg, .gif or .mp4."
  )
  var film: String?

  func run() throws {
    if headless, !show.isEmpty, frames == nil, film == nil {
      throw UserError("--show is drawn into pictures; add --frames or --film, or leave --headless out")
    }
    if preset != nil, policies != nil || sideBySide {
      throw UserError("--preset brings its own policies, side by side; leave --policies and --side-by-side out")
    }
    let signals = StopSignals()
    if tour {
      try playTour(signals.flag)
      return try signals.exitIfStopped()
    }
    if learning.learn {
      try runLearning(signals.flag)
      return try signals.exitIfStopped()
    }
    let world = try environment.load(for: policyNames ?? preset?.lanes.map(\.policy) ?? [])
    if headless {
      try runHeadless(world, signals.flag)
    } else if hasDisplay {
      try runInWindow(world, signals.flag)
    } else {
      print("No display, so the demo runs as text (planar demo --headless).\n")
      try runHeadless(world, signals.flag)
    }
    try signals.exitIfStopped()
  }

  /// The views that a list of words names.
  ///
  /// - Throws: `UserError` where a word is none.
  private static func views(_ list: String) throws -> Set<ThinkingView> {
    let words = list.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    return Set(
      try words.map { word in
        guard let view = ThinkingView(rawValue: word) else {
          let names = ThinkingView.allCases.map(\.rawValue).joined(separator: ", ")
          throw UserError("there is no view '\(word)'; take some of \(names), separated by commas")
        }
        return view
      })
  }

  // MARK: In a window

  private func runInWindow<World: LibraryEnvironment & DrawableEnvironment>(
    _ world: World, _ stop: StopFlag
  ) throws {
    let controls = try controls(
      in: world, firstSeed: seed, driving: nil, command: command, view: DemoView(showing: views))
    // Elsewhere the command may make no sense, and the policies may not fit.
    let window = SessionWindow { request in
      let other = try load(request)
      return try open(
        other, request, command: request.environment == world.name ? command : nil)
    }
    func run(_ controls: some WindowControls) throws {
      var controls = controls
      try window.run(&controls, stop: stop)
    }
    try run(controls)
    try printNextSteps(after: world)
  }

  private func open<World: LibraryEnvironment & DrawableEnvironment>(
    _ world: World, _ request: DemoRequest, command: String?
  ) throws -> any WindowControls {
    try controls(
      in: world, firstSeed: request.seed, driving: request.pilots, command: command, view: request.view)
  }

  /// The environment that was asked for by a key: at the wanted level, or at the first that it has.
  private func load(_ request: DemoRequest) throws -> any LibraryEnvironment {
    var refusal: (any Error)?
    for level in [request.randomization, "train", "none"] {
      do {
        var settings = try environment.settings()
        settings.randomization = level
        settings.language = request.language
        tellReplacement(of: request.environment)
        return try EnvironmentLibrary.environment(named: request.environment, settings: settings)
      } catch {
        refusal = refusal ?? error
      }
    }
    throw refusal!
  }

  /// - Parameter driving: the pilots that drive, a lane each; where there is none of a name, and where nil, whoever
  ///   drives first.
  private func controls<World: LibraryEnvironment & DrawableEnvironment>(
    in world: World, firstSeed: UInt64, driving: [String]?, command: String?, view: DemoView
  ) throws -> DemoControls<World> {
    let choice = try choice(of: command, in: world)
    let pilots = try pilots(in: world)
    let session = try DemoSession(
      world: world, pilots: pilots, firstSeed: firstSeed, command: choice, expert: world.scriptedExpert)
    var places =
      driving.map { names in names.compactMap { name in pilots.firstIndex { $0.name == name } } }
      ?? (sideBySide || preset != nil ? Array(pilots.indices.prefix(4)) : [])
    if places.isEmpty { places = [favourite(of: pilots)] }
    return DemoControls(
      lanes: try places.map { try session.beside(drivenBy: $0) }, view: view,
      environments: try EnvironmentLibrary.names())
  }

  /// What is shown of the thinking.
  private var views: Set<ThinkingView> { show.isEmpty ? preset?.views ?? [] : show }

  /// What is told in every episode: a command, or a word for a text that is none.
  ///
  /// - Throws: `UserError` where the world has no such command.
  func choice(of command: String?, in world: some LibraryEnvironment) throws -> CommandChoice {
    guard let command else { return .drawn }
    if let unsaid = UnsaidCommand(rawValue: command) { return .unsaid(unsaid) }
    try world.check(command: command)
    return .text(command)
  }

  /// Who drives first: the last of the policies, which are in the order of their strength, else the first of the others.
  private func favourite<World>(of pilots: [DemoPilot<World>]) -> Int {
    pilots.lastIndex { $0.driver.isPolicyAlone } ?? 0
  }

  // MARK: Pilots

  var maker: DemoPilots {
    DemoPilots(execution: execution.execution, sampling: sampling, planner: planner.configuration)
  }

  /// The names after --policies; nil where it was not given.
  private var policyNames: [String]? {
    policies?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func pilots<World: LibraryEnvironment & DrawableEnvironment>(
    in world: World
  ) throws -> [DemoPilot<World>] {
    if let preset, let pilots = try maker.pilots(of: preset, in: world) { return pilots }
    guard let names = policyNames else { return try maker.all(in: world) }
    guard !names.isEmpty else { throw UserError("--policies names no policy") }
    return try maker.pilots(names, in: world)
  }

  // MARK: Without a window

  /// The same rollouts without a window: every policy in turn on the same episodes.
  private func runHeadless<World: LibraryEnvironment & DrawableEnvironment>(
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
    return try DemoFilm(to: film, width: width)
  }

  private func printNextSteps(after world: some LibraryEnvironment) throws {
    if let preset, Set(preset.lanes.map(\.policy)).count > 1 {
      let policies = preset.lanes.map(\.policy).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      return suggest([NextCommand(["compare", "policies"] + policies)], saying: "\nNext:")
    }
    guard let policy = try policyNames?.first ?? DemoPilots.shipped(for: world).last else { return }
    let place = environment.givenEnvironment.map { ["--environment", $0] } ?? []
    suggest([NextCommand(["eval", "--policy", policy] + place)], saying: "\nNext:")
  }
}

/// Whether a window can be opened, as far as the environment's variables tell.
var hasDisplay: Bool {
  let variables = ProcessInfo.processInfo.environment
  return variables["DISPLAY"] != nil || variables["WAYLAND_DISPLAY"] != nil
}
