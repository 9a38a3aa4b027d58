// planar bench window: how long the demo's window takes for a picture, and what it costs to leave it open.

import ArgumentParser
import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarExperiments
import PlanarPlanning
import PlanarRollouts
import PlanarStudio
import PlanarVerification
import Synchronization

struct BenchWindowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "window",
    abstract: "Measure the demo's window: time per picture, processor and memory, running and paused.",
    discussion: """
      A window of 1280 × 800 opens and shows a policy in episode after episode, then
      stands still for half as long. It needs a display; 'xvfb-run -a planar bench
      window' makes one, and LIBGL_ALWAYS_SOFTWARE=1 has Mesa's software renderer
      draw. With --tour it shows 'planar demo --tour' instead, four times as fast.
      Where seconds are many, the memory of every thirty is printed too.

      Examples:
        planar bench window
        planar bench window --tour --check-opengl
        planar bench window --seconds 600 --policy push-flow --show fan,ghost
      """)

  @Option(within: BenchOptions.durations, help: "Seconds that the policy runs.")
  var seconds = 10.0

  @Flag(help: "Show the tour, from its beginning to its end, in place of a policy.")
  var tour = false

  @Flag(help: "Ask the graphics driver what it has against the window's calls, which takes time; that is an error.")
  var checkOpengl = false

  @Option(help: "Who drives: a checkpoint, 'expert' or 'random'.")
  var policy = "push-flow"

  @OptionGroup var environment: EnvironmentOptions

  @OptionGroup var sampling: SamplingOptions

  @Option(
    help: ArgumentHelp("What to show of the policy's thinking; see 'planar demo'.", valueName: "views"),
    transform: DemoCommand.views)
  var show: Set<ThinkingView> = []

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let signals = StopSignals()
    guard hasDisplay else {
      throw UserError("there is no display to open a window on; 'xvfb-run -a planar bench window' makes one")
    }
    let complaints = Mutex<[String]>([])
    var window = SessionWindow()
    window.size = (1280, 800)
    if checkOpengl { window.onOpenGLError = { word in complaints.withLock { $0.append(word) } } }
    var results =
      try tour ? measureTour(window, signals.flag) : measure(in: environment.load(for: [policy]), window, signals.flag)
    try signals.exitIfStopped()
    let words = complaints.withLock { $0 }
    if checkOpengl { results.append(result("OpenGL errors", Double(words.count), "")) }
    try BenchReport(results: results).show(json: json)
    if let first = words.first {
      throw UserError("the graphics driver refused \(words.count) of the window's calls, first: \(first)")
    }
  }

  private func result(_ name: String, _ value: Double, _ unit: String) -> BenchmarkResult {
    BenchmarkResult(name: name, value: value, unit: unit, threads: 1)
  }

  private func measureTour(_ window: SessionWindow, _ stop: StopFlag) throws -> [BenchmarkResult] {
    var controls = try DemoCommand.parse(["--tour"]).tourControls()
    (controls.haste, controls.closesAtEnd) = (4, true)
    var pictures: [Double] = []
    var window = window
    window.onPicture = { pictures.append($0 / .seconds(1)) }
    try window.run(&controls, stop: stop)
    if let failure = controls.failure { throw failure }
    guard controls.isOver || stop.isRaised else {
      throw UserError("the window was closed before the tour was over; leave it open")
    }
    return timing(of: pictures.sorted()) + [result("acts", Double(controls.outcomes.count), "")]
  }

  private func timing(of pictures: [Double]) -> [BenchmarkResult] {
    func quantile(_ share: Double) -> Double {
      pictures.isEmpty ? 0 : pictures[min(pictures.count - 1, Int(share * Double(pictures.count)))]
    }
    return [
      result("picture, median", quantile(0.5) * 1000, "ms"),
      result("picture, 99 of 100 within", quantile(0.99) * 1000, "ms"),
    ]
  }

  private func measure<World: LibraryEnvironment & DrawableEnvironment>(
    in world: World, _ window: SessionWindow, _ stop: StopFlag
  ) throws -> [BenchmarkResult] {
    let maker = DemoPilots(
      execution: .recedingHorizon, sampling: sampling, planner: PlannerConfiguration())
    let session = try DemoSession(
      world: world, pilots: [maker.pilot(policy, in: world)], firstSeed: 2000, expert: world.scriptedExpert)
    var controls = DemoControls(session: session, view: DemoView(showing: show))
    let running = try watch(&controls, in: window, for: seconds, stop)
    controls.handle(.key(.space, []))
    let paused = try watch(&controls, in: window, for: seconds / 2, stop)
    return [result("pictures", Double(running.pictures.count) / running.seconds, "1/s")]
      + timing(of: running.pictures) + [
        result("processor, running", 100 * running.processor, "% of a core"),
        result("processor, paused", 100 * paused.processor, "% of a core"),
        result("pictures, paused", Double(paused.pictures.count) / paused.seconds, "1/s"),
        result("memory, at the beginning", running.samples[0].memory, "MB"),
      ]
      + running.samples[1..<running.samples.count - 1].map { sample in
        let seconds = (sample.time - running.samples[0].time) / .seconds(1)
        return result("memory, after \(Int(seconds.rounded())) s", sample.memory, "MB")
      } + [result("memory, at the end", running.samples.last!.memory, "MB")]
  }

  /// Shows a session for some seconds after the first, in which the window is opened.
  private func watch<World>(
    _ controls: inout DemoControls<World>, in window: SessionWindow, for seconds: Double, _ stop: StopFlag
  ) throws -> WindowWatch {
    var pictures: [(end: ContinuousClock.Instant, duration: Duration)] = []
    var window = window
    window.onPicture = { pictures.append((ContinuousClock.now, $0)) }
    let ending = StopFlag()
    let samples = Mutex<[ProcessSample]>([])
    Thread {
      Thread.sleep(forTimeInterval: 1)
      samples.withLock { $0.append(ProcessSample()) }
      let start = Date()
      var next = 30.0
      while case let past = Date().timeIntervalSince(start), past < seconds, !stop.isRaised {
        Thread.sleep(forTimeInterval: 0.01)
        guard past >= next, past < seconds - 15 else { continue }
        samples.withLock { $0.append(ProcessSample()) }
        next += 30
      }
      samples.withLock { $0.append(ProcessSample()) }
      ending.raise()
    }.start()
    try window.run(&controls, stop: ending)
    guard case let seen = samples.withLock({ $0 }), seen.count > 1, ending.isRaised else {
      throw UserError("the window was closed before everything was measured; leave it open, or give fewer --seconds")
    }
    return WindowWatch(
      pictures: pictures.filter { $0.end > seen[0].time }.map { $0.duration / .seconds(1) }.sorted(), samples: seen)
  }
}

/// What was seen of a window.
private struct WindowWatch {
  /// How long each took, s, sorted.
  var pictures: [Double]
  /// From the beginning to the end, one every half minute.
  var samples: [ProcessSample]

  var seconds: Double { (samples.last!.time - samples[0].time) / .seconds(1) }
  /// Of one core.
  var processor: Double { (samples.last!.processor - samples[0].processor) / seconds }
}

/// What the process has used until a moment.
private struct ProcessSample {
  let time = ContinuousClock.now
  /// s on all cores
  let processor: Double
  /// Resident, MB.
  let memory: Double

  init() {
    var used = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
    processor = Double(used.tv_sec) + Double(used.tv_nsec) / 1e9
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
    memory = Double(pages?.dropFirst().first ?? "0")! * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6
  }
}
