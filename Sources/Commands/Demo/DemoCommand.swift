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
      what the camera sees, J makes the window dark or light, P saves a screenshot, H
      shows all keys, Q quits; F, D, T, W, X, M and U show how the policy comes to its
      chunks and where it goes (--show says what each is). Up brings commands back, and
      Tab completes what is typed. Drag things and zones with the mouse, or turn things
      with its right button; drag the tip to drive yourself. The wheel zooms. Left and
      Right go through the episode step by step, as the bar below the scene does; Space
      goes on from there, and '-' and '+' change the speed.

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
      "In under a minute what there is to see: commands, disturbances, covariate shift, modes, denoising, late answers. With --headless --film: as a film."
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
      "What to show of the policy's thinking, separated by commas. 'fan': more samples of its chunk; 'denoising': from noise to the chunk (flow and diffusion); 'ghost': what the expert would do, and the angle between; 'delay': late answers, with --delay; 'attention': which objects and words it looks at; 'visits': heat maps of where the expert's demonstrations and the policy go; 'curves', in a window: distance to the goal, jumps, and states unlike the demonstrations.",
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

  @Option(help: "The window's looks: light or dark; Ctrl-J changes them. Pages look as the browser says.")
  var theme = SessionWindow.Theme.light

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
    if frames == "" { throw UserError("--frames names no folder; give one, such as --frames runs/frames") }
    if headless, show.contains(.curves) {
      throw UserError(
        "curves stand along the window's bar of time; leave 'curves' out of --show, or leave --headless out")
    }
    if preset != nil, policies != nil || sideBySide {
      throw UserError("--preset brings its own policies, side by side; leave --policies and --side-by-side out")
    }
    if web, let other = headless ? "--headless" : film != nil ? "--film" : frames != nil ? "--frames" : nil {
      throw UserError(
        "--web shows the session in a browser, and \(other) runs it without a person; leave one of them out")
    }
    if port != nil, !web { throw UserError("--port is the port of --web; add --web, or leave --port out") }
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
    } else if isShown {
      try runOnScreen(world, signals.flag)
    } else {
      print(
        "No display, so the demo runs as text (planar demo --headless); planar demo --web shows it in a browser.\n")
      try runHeadless(world, signals.flag)
    }
    try signals.exitIfStopped()
  }

  /// Whether there is a window or a page to show the demo in.
  var isShown: Bool { !headless && (web || hasDisplay) }

  /// The views that a list of words names.
  ///
  /// - Throws: `UserError` where a word is none.
  static func views(_ list: String) throws -> Set<ThinkingView> {
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

  /// Refuses options that have no effect.
  ///
  /// - Throws: `UserError` that names the first one.
  func requireNothing(besides names: Set<String>, with option: String) throws {
    for word in NextCommand.fromTheBeginning.arguments where word.hasPrefix("--") {
      let name = String(word.dropFirst(2).prefix { $0 != "=" })
      guard names.contains(name) else { throw UserError("\(option) leaves no choice of --\(name); leave it out") }
    }
  }

  // MARK: Pilots

  var maker: DemoPilots {
    DemoPilots(execution: execution.execution, sampling: sampling, planner: planner.configuration)
  }

  /// The names after --policies; nil where it was not given.
  var policyNames: [String]? {
    policies?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  func pilots<World: LibraryEnvironment & DrawableEnvironment>(
    in world: World
  ) throws -> [DemoPilot<World>] {
    if let preset, let pilots = try maker.pilots(of: preset, in: world) { return pilots }
    guard let names = policyNames else { return try maker.all(in: world) }
    guard !names.isEmpty else { throw UserError("--policies names no policy") }
    return try maker.pilots(names, in: world)
  }
}

/// Whether a window can be opened, as far as the environment's variables tell.
var hasDisplay: Bool {
  let variables = ProcessInfo.processInfo.environment
  return variables["DISPLAY"] != nil || variables["WAYLAND_DISPLAY"] != nil
}
