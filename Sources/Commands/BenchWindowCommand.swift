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
      draw.

      Examples:
        planar bench window
        planar bench window --seconds 600 --policy push-flow --show fan,ghost
      """)

  @Option(within: BenchOptions.durations, help: "Seconds that the policy runs.")
  var seconds = 10.0

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
    let results = try measure(in: environment.load(for: [policy]), signals.flag)
    try signals.exitIfStopped()
    try BenchReport(results: results).show(json: json)
  }

  private func measure<World: LibraryEnvironment & DrawableEnvironment>(
    in world: World, _ stop: StopFlag
  ) throws -> [BenchmarkResult] {
    let maker = DemoPilots(
      execution: .recedingHorizon, sampling: sampling, planner: PlannerConfiguration())
    let session = try DemoSession(
      world: world, pilots: [maker.pilot(policy, in: world)], firstSeed: 2000, expert: world.scriptedExpert)
    var controls = DemoControls(session: session, view: DemoView(showing: show))
    let running = try watch(&controls, for: seconds, stop)
    controls.handle(.key(.space, []))
    let paused = try watch(&controls, for: seconds / 2, stop)
    func result(_ name: String, _ value: Double, _ unit: String) -> BenchmarkResult {
      BenchmarkResult(name: name, value: value, unit: unit, threads: 1)
    }
    return [
      result("pictures", Double(running.pictures.count) / running.seconds, "1/s"),
      result("picture, median", running.quantile(0.5) * 1000, "ms"),
      result("picture, 99 of 100 within", running.quantile(0.99) * 1000, "ms"),
      result("processor, running", 100 * running.processor, "% of a core"),
      result("processor, paused", 100 * paused.processor, "% of a core"),
      result("pictures, paused", Double(paused.pictures.count) / paused.seconds, "1/s"),
      result("memory, at the beginning", running.memory.first, "MB"),
      result("memory, at the end", running.memory.last, "MB"),
    ]
  }

  /// Shows a session for some seconds after the first, in which the window is opened.
  private func watch<World>(
    _ controls: inout DemoControls<World>, for seconds: Double, _ stop: StopFlag
  ) throws -> WindowWatch {
    var pictures: [(end: ContinuousClock.Instant, duration: Duration)] = []
    var window = SessionWindow()
    window.size = (1280, 800)
    window.onPicture = { pictures.append((ContinuousClock.now, $0)) }
    let ending = StopFlag()
    let samples = Mutex<[ProcessSample]>([])
    Thread {
      Thread.sleep(forTimeInterval: 1)
      samples.withLock { $0.append(ProcessSample()) }
      let end = Date(timeIntervalSinceNow: seconds)
      while Date() < end, !stop.isRaised { Thread.sleep(forTimeInterval: 0.01) }
      samples.withLock { $0.append(ProcessSample()) }
      ending.raise()
    }.start()
    try window.run(&controls, stop: ending)
    guard case let seen = samples.withLock({ $0 }), seen.count == 2 else {
      throw UserError("the window was closed before everything was measured; leave it open, or give fewer --seconds")
    }
    let (first, last) = (seen[0], seen[1])
    return WindowWatch(
      pictures: pictures.filter { $0.end > first.time }.map { $0.duration / .seconds(1) }.sorted(),
      seconds: (last.time - first.time) / .seconds(1), first: first, last: last)
  }
}

/// What was seen of a window.
private struct WindowWatch {
  /// How long each took, s, sorted.
  var pictures: [Double]
  var seconds: Double
  var first, last: ProcessSample

  /// Of one core.
  var processor: Double { (last.processor - first.processor) / seconds }
  /// MB
  var memory: (first: Double, last: Double) { (first.memory, last.memory) }

  func quantile(_ share: Double) -> Double {
    pictures.isEmpty ? 0 : pictures[min(pictures.count - 1, Int(share * Double(pictures.count)))]
  }
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
