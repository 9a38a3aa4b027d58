// planar demo: watch policies obey commands, in a window, in a browser or as text.

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
import PlanarWebScreen

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Watch policies obey typed commands, in a window, in a browser or, without a display, as text.",
    discussion: """
      In the window: type a command and press Enter. 1 to 9 or Tab switches the
      policy, Space pauses, '.' takes one step. With Ctrl: N next scene, R the same
      again, E next environment, G next level of randomization, L other language, I
      what the camera sees, P saves a screenshot, H shows all keys, Q quits; F, D, T
      and W show how the policy comes to its chunks (--show says what each is). Drag
      things with the mouse; the wheel zooms. Left and Right go through the episode
      step by step, as the bar below the scene does; Space goes on from there, and
      '-' and '+' change the speed.

      With --web the same session is a page for browsers on this machine, or on another
      one that an SSH tunnel leads to; there Alt takes the place of Ctrl.

      Examples:
        planar demo
        planar demo --web
        planar demo --web --port 9000
        planar demo --environment pusht --policies random
        planar demo --headless --episodes 10 --command "push the red square to the left zone"
        planar demo --headless --episodes 2 --frames runs/frames
        planar demo --headless --episodes 2 --film runs/film.png
        planar demo --headless --policies push-flow --seed 1017 --episodes 1 --film runs/seed-1017.mp4
        planar demo --environment detour --show fan,ghost
        planar demo --environment detour --headless --episodes 1 --show denoising --film runs/denoising.png
      """)

  @OptionGroup var environment: EnvironmentOptions

  @Option(
    help:
      "Checkpoint folders, 'expert', 'planner' or 'random', separated by commas. Default: the shipped checkpoints of the environment; where there are none, whoever else can drive there."
  )
  var policies: String?

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

  @Option(
    help: ArgumentHelp(
      "What to show of the policy's thinking, separated by commas. 'fan': more samples of its chunk; 'denoising': from noise to the chunk (flow and diffusion); 'ghost': what the expert would do, and the angle between; 'delay': late answers, with --delay.",
      valueName: "views"),
    transform: DemoCommand.views)
  var show: Set<ThinkingView> = []

  @Flag(help: "No window: one line per chunk and a summary.")
  var headless = false

  @Flag(
    help:
      "No window: a page on 127.0.0.1, at an address that is printed, with a token without which nobody gets in; it says how to reach it from another machine."
  )
  var web = false

  @Option(within: 1...65535, help: "With --web: the page's port. Default: the first free one from 8737 on.")
  var port: UInt16?

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
    if web, let other = headless ? "--headless" : film != nil ? "--film" : frames != nil ? "--frames" : nil {
      throw UserError(
        "--web shows the session in a browser, and \(other) runs it without a person; leave one of them out")
    }
    if port != nil, !web { throw UserError("--port is the port of --web; add --web, or leave --port out") }
    let signals = StopSignals()
    let world = try environment.load(for: policyNames ?? [])
    if headless {
      try runHeadless(world, signals.flag)
    } else if web {
      try runInBrowser(world, signals.flag)
    } else if hasDisplay {
      try runInWindow(world, signals.flag)
    } else {
      print(
        "No display, so the demo runs as text (planar demo --headless); planar demo --web shows it in a browser.\n")
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

  // MARK: In a window or a browser

  private func runInWindow<World: LibraryEnvironment & DrawableEnvironment>(
    _ world: World, _ stop: StopFlag
  ) throws {
    try run(world) { window, controls in
      var controls = controls
      try window.run(&controls, stop: stop)
    }
  }

  private func runInBrowser<World: LibraryEnvironment & DrawableEnvironment>(
    _ world: World, _ stop: StopFlag
  ) throws {
    try run(world) { window, controls in
      var controls = controls
      let screen = try WebScreen(port: port)
      defer { screen.close() }
      print(webAddress(of: screen))
      // Where the output is a file or a pipe, somebody waits for the address.
      fflush(nil)
      window.run(&controls, on: screen, stop: stop)
    }
  }

  /// Where the session is, and how to reach it from elsewhere.
  private func webAddress(of screen: WebScreen) -> String {
    // Where somebody is here by SSH, the way they came leads here again.
    let place = ProcessInfo.processInfo.environment["SSH_CONNECTION"]?.split(separator: " ").dropFirst(2).first
    let host = place.map(String.init) ?? ProcessInfo.processInfo.hostName
    return """
      The demo is at
        \(screen.address)
      From another machine, begin there with this line, and open the same address:
        ssh -L \(screen.port):127.0.0.1:\(screen.port) \(NSUserName())@\(host)
      It waits while no page is open. Ctrl-C ends it.
      """
  }

  /// Begins with a world, and lets keys go on to others.
  private func run<World: LibraryEnvironment & DrawableEnvironment>(
    _ world: World, present: (SessionWindow, any WindowControls) throws -> Void
  ) throws {
    let controls = try controls(
      in: world, firstSeed: seed, pilot: nil, command: command, view: DemoView(showing: show))
    // Elsewhere the command may make no sense, and the policies may not fit.
    let window = SessionWindow { request in
      let other = try load(request)
      return try self.controls(
        in: other, firstSeed: request.seed, pilot: request.pilot,
        command: request.environment == world.name ? command : nil, view: request.view)
    }
    try present(window, controls)
    try printNextSteps(after: world)
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

  private func controls<World: LibraryEnvironment & DrawableEnvironment>(
    in world: World, firstSeed: UInt64, pilot: String?, command: String?, view: DemoView
  ) throws -> any WindowControls {
    let choice = try choice(of: command, in: world)
    let pilots = try pilots(in: world)
    var session = try DemoSession(
      world: world, pilots: pilots, firstSeed: firstSeed,
      command: choice, expert: world.scriptedExpert)
    session.selectPilot(pilots.lastIndex { $0.name == pilot } ?? favourite(of: pilots))
    return DemoControls(session: session, view: view, environments: try EnvironmentLibrary.names())
  }

  /// What is told in every episode: a command, or a word for a text that is none.
  ///
  /// - Throws: `UserError` where the world has no such command.
  private func choice(of command: String?, in world: some LibraryEnvironment) throws -> CommandChoice {
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

  private var maker: DemoPilots {
    DemoPilots(execution: execution.execution, sampling: sampling, planner: planner.configuration)
  }

  /// The names after --policies; nil where it was not given.
  private var policyNames: [String]? {
    policies?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func pilots<World: LibraryEnvironment & DrawableEnvironment>(
    in world: World
  ) throws -> [DemoPilot<World>] {
    guard let names = policyNames else { return try maker.all(in: world) }
    guard !names.isEmpty else { throw UserError("--policies names no policy") }
    return try maker.pilots(names, in: world)
  }

  // MARK: Without a window

  /// The same rollouts without a window: every policy in turn on the same episodes.
  private func runHeadless<World: LibraryEnvironment & DrawableEnvironment>(
    _ world: World, _ stop: StopFlag
  ) throws {
    let choice = try choice(of: command, in: world)
    var table = TextTable(header: [
      "policy", "obeyed", "success and 95 % interval", "steps", "inference",
    ])
    if let film, !overwrite, FileManager.default.fileExists(atPath: film) {
      throw UserError("\(film) is there already; give --overwrite to replace it, or another --film")
    }
    let film = try film.map { try DemoFilm(to: $0) }
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
      session.showing = show
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

  private func printNextSteps(after world: some LibraryEnvironment) throws {
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
