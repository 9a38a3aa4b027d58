// planar demo --learn: a policy that is trained while one watches.

import ArgumentParser
import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRecipes
import PlanarRollouts
import PlanarStudio

struct LearningOptions: ParsableArguments {
  @Flag(
    help:
      "Train a policy while you watch: the newest weights drive, and loss and success grow beside them. It is cloned first; Ctrl-Y lets the expert label where it goes (DAgger); dragging the tip shows it how yourself."
  )
  var learn = false

  @Option(help: "With --learn: the recipe's file. Default: Assets/recipes/push-learn.yaml.")
  var recipe: String?

  @Option(help: "With --learn: a folder for the policy as it is at the end. Default: it is not kept.")
  var output: String?

  func validate() throws {
    guard learn || (recipe == nil && output == nil) else {
      throw ValidationError("--recipe and --output go with --learn; add it, or leave them out.")
    }
  }

  /// The learning of the recipe.
  ///
  /// - Throws: `UserError` where there is no such recipe, or it cannot be carried out.
  func begin() throws -> LiveLearning {
    try LiveLearning(
      try loadRecipe(recipe ?? "Assets/recipes/push-learn.yaml"),
      threads: ProcessInfo.processInfo.activeProcessorCount)
  }
}

extension DemoCommand {
  /// Trains on a thread of its own and shows the newest policy, in a window or as lines.
  func runLearning(_ stop: StopFlag) throws {
    try requireNothing(
      besides: [
        "learn", "recipe", "output", "overwrite", "headless", "web", "port", "seed", "command", "show", "theme",
      ],
      with: "--learn")
    let claim = try learning.output.map {
      try FolderClaim(
        of: URL(fileURLWithPath: $0, isDirectory: true), as: .training, to: overwrite ? .overwrite : .begin)
    }
    defer { claim?.release() }
    let live = try learning.begin()
    let world = try live.world()
    let ending = StopFlag()
    let thread = Thread { live.run(stop: ending) }
    thread.stackSize = 16 << 20
    thread.start()
    if isShown { try showLearning(of: live, in: world, stop) } else { tellLearning(of: live, stop) }
    ending.raise()
    while !live.snapshot.isOver { Thread.sleep(forTimeInterval: 0.02) }
    if let claim, let policy = try live.checkpoint() {
      try Checkpoint.save(policy, to: claim.folder)
      print("Checkpoint: \(claim.folder.relativePath)")
      suggest([NextCommand(["eval", "--policy", claim.folder.relativePath])], saying: "\nNext:")
    }
    if let failure = live.snapshot.failure { throw UserError(failure) }
  }

  private func showLearning<World: LibraryEnvironment & DrawableEnvironment>(
    of live: LiveLearning, in world: World, _ stop: StopFlag
  ) throws {
    let learner = "learner"
    var pilots = [DemoPilot<World>(name: learner, detail: "newest weights", driver: .random())]
    if let expert = world.scriptedExpert { pilots.append(DemoPilot(name: "expert", driver: .expert(expert))) }
    // What people teach is learned: the scenes are no episodes that policies are measured in.
    let session = try DemoSession(
      world: world, pilots: pilots, firstSeed: seed < SeedRanges.firstTraining ? SeedRanges.firstTraining + seed : seed,
      command: try choice(of: command, in: world),
      expert: world.scriptedExpert)
    var controls = DemoControls(session: session, view: DemoView(showing: show))
    controls.learning = LearningFeed(
      pilot: learner, latest: { live.snapshot.progress }, ask: { live.ask($0) },
      teach: { live.teach($0) })
    try present(controls, stop)
  }

  /// A line for every new policy; the expert is asked as soon as cloning is over.
  private func tellLearning(of live: LiveLearning, _ stop: StopFlag) {
    var told = 0
    live.ask(true)
    print("  seconds   step  labels   loss     success of \(LiveLearning.trials)")
    while !stop.isRaised {
      let snapshot = live.snapshot
      for point in snapshot.points[told...] {
        let loss = point.loss.map { String(format: "%.5f", $0) } ?? "–"
        print(
          String(
            format: "%9.1f %6d %7d   %@  %3d", point.seconds, point.step, snapshot.labels, loss, point.successes))
      }
      told = snapshot.points.count
      StandardStreams.flush()
      if snapshot.isOver || snapshot.areRoundsOver { return }
      Thread.sleep(forTimeInterval: 0.1)
    }
  }
}

extension LiveLearning.Snapshot {
  /// As the window shows it.
  fileprivate var progress: LearningProgress {
    LearningProgress(
      version: points.count, policy: policy, words: failure.map { "It ended: \($0)" } ?? words,
      plots: points.isEmpty ? [] : [successPlot, lossPlot], isAsking: isAsking,
      labelsByHand: labelsByHand)
  }

  private var span: Double { Double(max(1, points.last!.step)) }
  private var marks: [Double] { rounds.map { Double($0) / span } }

  private var successPlot: LearningCurve {
    let trials = Double(LiveLearning.trials)
    let rates = points.map { Double($0.successes) / trials }
    return LearningCurve(
      label: "Success of \(LiveLearning.trials) scenes", text: "\(Int((100 * rates.last!).rounded())) %",
      points: zip(points, rates).map { LearningCurve.Point(x: Double($0.step) / span, y: $1) }, low: "0 %",
      high: "100 %",
      marks: marks)
  }

  /// On a logarithmic axis of whole powers of ten.
  private var lossPlot: LearningCurve {
    let losses = points.compactMap { point in point.loss.map { (point.step, log10(max(Double($0), 1e-9))) } }
    let low = floor(losses.map(\.1).min() ?? -1)
    let high = max(low + 1, ceil(losses.map(\.1).max() ?? 0))
    return LearningCurve(
      label: "Loss on held-out labels (log)", text: String(format: "%.4f", pow(10, losses.last?.1 ?? 0)),
      points: losses.map { LearningCurve.Point(x: Double($0.0) / span, y: ($0.1 - low) / (high - low)) },
      low: String(format: "%g", pow(10, low)), high: String(format: "%g", pow(10, high)), marks: marks)
  }
}
