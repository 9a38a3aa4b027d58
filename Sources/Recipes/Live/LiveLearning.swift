// A recipe's policy that is trained while somebody watches: cloned first, then mended by DAgger when the expert is asked.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarDatasets
import PlanarLearning
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts
import Synchronization

/// Trains on a thread of its own; others look at how far it is and take the newest weights.
///
/// ```
///   demonstrations ─► cloning ─► waits ─┬► ask()   ─► the learner drives, the expert labels ─► more training ─┐
///                                  ▲    └► teach() ─► a person's labels ─────────────────────► more training ─┤
///                                  └──────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// The weights go on from stage to stage. What is learned depends on when the expert is asked, so that no two runs need be
/// alike; `RecipeRun` makes checkpoints that can be made again.
public final class LiveLearning: Sendable {
  /// How far the learning is.
  public struct Snapshot: Sendable {
    /// A measurement of the policy after some gradient steps of all stages together.
    public struct Point: Equatable, Sendable {
      /// Gradient steps.
      public var step: Int
      /// Loss on held-out labels; nil where none are held out.
      public var loss: Float?
      /// Episodes in which the policy obeyed, of `LiveLearning.trials`.
      public var successes: Int
      /// Seconds since the learning began.
      public var seconds: Double
      /// Labels that it had learned from, and how many of them people gave.
      public var labels, labelsByHand: Int
      /// Rounds of the expert's labels that it had learned from.
      public var expertRounds: Int
    }

    /// What is being done, as a sentence.
    public var words = "The learning begins."
    /// The newest policy; nil before there is one.
    public var policy: TrainedPolicy?
    /// After every part of the training, in order; as many as there were policies.
    public var points: [Point] = []
    /// The gradient steps before which the expert, or a person, added labels.
    public var rounds: [Int] = []
    /// How many of these were the expert's.
    public var expertRounds = 0
    /// Labels so far, each counted once.
    public var labels = 0
    /// Labels that people gave and that training has.
    var learnedByHand = 0
    /// Labels that people gave, those included that are not yet learned from.
    public var labelsByHand = 0
    /// Whether the expert is asked from round to round.
    public var isAsking = false
    /// Whether the expert has no more rounds; people may still teach.
    public var areRoundsOver = false
    /// Whether nothing more happens unless the expert is asked.
    package var isWaiting = false
    /// Whether nothing more happens at all.
    public var isOver = false
    /// Why it ended early; nil where it did not.
    public var failure: String?
  }

  /// Episodes of every success rate.
  public static let trials = 40
  /// People's labels are few, and about what goes wrong now: new ones count as often as makes all of them a fifth of what is
  /// trained on, and so often at most.
  static let mostWeightOfHand = 20

  private let recipe: Recipe
  private let threads: Int
  private let state = Mutex(Snapshot())
  /// What people did that is not yet learned from.
  private let taught = Mutex<[Episode]>([])
  private let start = ContinuousClock.now

  /// - Parameter threads: that train and drive.
  /// - Throws: `UserError` where the recipe cannot be carried out, or learns from a dataset.
  public init(_ recipe: Recipe, threads: Int) throws {
    try recipe.validate()
    guard recipe.data.driver != nil else {
      throw UserError("an expert must be there to be asked; let the recipe's data.source be expert or planner")
    }
    guard recipe.teacher == nil, recipe.trunkFrom == nil else {
      throw UserError(
        "what is trained while one watches starts from new weights; take a recipe without teacher and trunk_from")
    }
    guard recipe.method.method is BehaviourCloning || recipe.method.method is DAgger else {
      throw UserError(
        "what is trained while one watches is cloned, and then mended by DAgger; the recipe's method is \(recipe.method.name)"
      )
    }
    try recipe.validateNetworks(source: nil)
    self.recipe = recipe
    self.threads = threads
  }

  /// The newest policy with what it was made of; nil before there is one.
  ///
  /// - Throws: `UserError` where its facts cannot be kept.
  public func checkpoint() throws -> TrainedPolicy? {
    let snapshot = snapshot
    guard let policy = snapshot.policy, let last = snapshot.points.last else { return nil }
    let driving = [
      "source": recipe.data.source, "first_seed": "\(recipe.data.firstSeed)", "labels": "\(last.labels)",
      "dagger_rounds": "\(last.expertRounds)", "labels_by_hand": "\(last.labelsByHand)",
      "training_steps": "\(last.step)",
      "batch_size": "\(recipe.training.batchSize)", "learning_rate": "\(recipe.training.learningRate)",
      "training_seed": "\(recipe.training.seed)", "asked_by_hand": "true",
    ]
    return try policy.addingProvenance(recipe.provenance(driving))
  }

  /// How far it is now.
  public var snapshot: Snapshot { state.withLock { $0 } }

  /// The environment of the recipe, loaded as its data are recorded.
  ///
  /// - Throws: `UserError` where there is none of its name.
  public func world() throws -> any LibraryEnvironment {
    guard let world = try recipe.worlds().first, recipe.robots.count <= 1 else {
      throw UserError("one robot learns at a time; name one in the recipe's 'robots'")
    }
    return world
  }

  /// Lets the expert label where the learner goes, from round to round; or no more.
  public func ask(_ isAsking: Bool) { state.withLock { $0.isAsking = isAsking } }

  /// Learns from the labels of an episode in which a person drove, as soon as what is being done is done.
  ///
  /// - Returns: whether it will: not where there is no label, or shorter ones than the recipe's prediction horizon, or where
  ///   the learning is over.
  @discardableResult
  public func teach(_ episode: Episode) -> Bool {
    guard !episode.labels.isEmpty, !snapshot.isOver,
      episode.labels.allSatisfy({ $0.horizon >= recipe.horizons.prediction })
    else { return false }
    taught.withLock { $0.append(episode) }
    state.withLock { $0.labelsByHand += episode.labels.count }
    return true
  }

  /// Learns until `stop` is raised. Call it once, on a thread of its own.
  public func run(stop: StopFlag) {
    do {
      try learn(stop)
    } catch {
      state.withLock { $0.failure = "\(error)" }
    }
    state.withLock { $0.isOver = true }
  }

  private func tell(_ words: String) { state.withLock { $0.words = words } }

  private func learn(_ stop: StopFlag) throws {
    // No folder is written: demonstrations and rounds stay in memory.
    let context = RecipeLearning(
      recipe, folder: FileManager.default.temporaryDirectory, threads: threads, isStrict: false, onNote: { _ in },
      progress: LiveProgress(tell), stop: stop)
    let labels = try context.demonstrations()
    guard !stop.isRaised else { return }
    let policy = try context.makePolicy(for: labels)
    try learn(policy, on: labels, by: context.collection(), in: context, stop)
  }

  private func learn<Labels: LabelCollection>(
    _ policy: TrainablePolicy, on demonstrations: LabelSet, by collection: Labels, in context: RecipeLearning,
    _ stop: StopFlag
  ) throws {
    var plan = collection.plan
    plan.labels = .chunkStarts
    let rounds = LiveRounds(recipe, demonstrations: demonstrations.count)
    let progress = LabelProgress { [self] in tell($0) }
    var labels = demonstrations
    state.withLock { $0.labels = labels.count }
    try train(policy, on: labels, steps: recipe.training.steps, "Cloning", in: plan, stop)
    var driven = recipe.data.episodes
    var round = 1
    while !stop.isRaised {
      waitForLabels(isRoundLeft: round <= rounds.labels.count, stop)
      guard !stop.isRaised else { return }
      let corrections = taught.withLock { $0.take() }
      if !corrections.isEmpty {
        try labels.append(corrections, times: weight(of: corrections), isHeldIn: true)
        note(corrections, byHand: true)
        try train(policy, on: labels, steps: rounds.steps, "Training on your labels too", in: plan, stop)
        continue
      }
      let budget = rounds.labels[round - 1]
      let driver = Driver.mixture(
        learner: snapshot.policy!, expert: plan.expert, takeover: .probability(rounds.expertShare(round: round)))
      let fresh = try plan.episodes(
        holdingLabels: budget, offset: driven, driver: driver, executionHorizon: rounds.executionHorizon,
        progress: progress, stop: stop)
      guard !stop.isRaised else { return }
      driven += fresh.count
      let labelled = firstLabels(of: fresh, count: budget)
      try labels.append(labelled)
      note(labelled, byHand: false)
      try train(policy, on: labels, steps: rounds.steps, "Training on all labels", in: plan, stop)
      round += 1
    }
  }

  /// How often the labels of new corrections count.
  private func weight(of corrections: [Episode]) -> Int {
    let snapshot = snapshot
    let byHand = snapshot.learnedByHand + corrections.reduce(0) { $0 + $1.labels.count }
    let others = snapshot.labels - snapshot.learnedByHand
    return min(max(others / (4 * byHand), 1), Self.mostWeightOfHand)
  }

  /// Labels are there from here on.
  private func note(_ episodes: [Episode], byHand: Bool) {
    let count = episodes.reduce(0) { $0 + $1.labels.count }
    state.withLock { state in
      state.labels += count
      if byHand { state.learnedByHand += count } else { state.expertRounds += 1 }
      state.rounds.append(state.points.last?.step ?? 0)
    }
  }

  /// Waits until the expert is asked, where it has a round left, or a person has taught something.
  private func waitForLabels(isRoundLeft: Bool, _ stop: StopFlag) {
    state.withLock { $0.areRoundsOver = !isRoundLeft }
    while !stop.isRaised, taught.withLock(\.isEmpty), !(isRoundLeft && snapshot.isAsking) {
      state.withLock { state in
        state.isWaiting = true
        state.words =
          isRoundLeft
          ? "It waits with \(state.labels) labels; ask the expert to label where it goes, or drag the tip yourself."
          : "The rounds are over: \(state.labels) labels. It still learns from you: drag the tip."
      }
      Thread.sleep(forTimeInterval: 0.05)
    }
    state.withLock { $0.isWaiting = false }
  }

  /// Goes on with the policy's weights; after every part of the steps the policy is measured and shown. The episodes that
  /// are held out stay held out from stage to stage.
  private func train<World: Environment>(
    _ policy: TrainablePolicy, on labels: LabelSet, steps: Int, _ words: String,
    in plan: CollectionPlan<World>, _ stop: StopFlag
  ) throws {
    var configuration = recipe.training
    configuration.threads = threads
    configuration.steps = steps
    configuration.validationInterval = max(1, min(250, steps / 4))
    let trainer = try Trainer(policy: policy, labels: labels, configuration: configuration)
    let first = snapshot.points.last?.step ?? 0
    let count = snapshot.labels
    tell("\(words): \(count) labels.")
    try trainer.run(stop: stop) { record in
      let trained = trainer.trainedPolicy
      let successes = try successes(of: trained, in: plan.world, stop)
      guard !stop.isRaised else { return }
      state.withLock { state in
        state.policy = trained
        state.points.append(
          Snapshot.Point(
            step: first + record.step, loss: record.validationLoss, successes: successes,
            seconds: (ContinuousClock.now - start) / .seconds(1), labels: state.labels,
            labelsByHand: state.learnedByHand, expertRounds: state.expertRounds))
        state.words = "\(words): \(count) labels, step \(first + record.step)."
      }
    }
  }

  private func successes<World: Environment>(
    of policy: TrainedPolicy, in world: World, _ stop: StopFlag
  ) throws -> Int {
    let first = SeedRanges.tuning.lowerBound
    let plan = RolloutPlan(
      world: world, seeds: Array(first..<first + UInt64(Self.trials)), driver: .policy(policy), threads: threads,
      blockSize: Self.trials / 2)
    return try rollOut(plan, stop: stop).count { $0.outcome.success }
  }
}

/// The rounds in which the expert is asked.
private struct LiveRounds {
  /// How many each round adds.
  let labels: [Int]
  /// Gradient steps after each round.
  let steps: Int
  private let dagger: DAggerConfiguration

  /// Where the recipe's method is DAgger, as many labels a round as there, with its shares, steps and execution; else eight
  /// rounds of as many labels as there are demonstrations, 6,000 at most.
  init(_ recipe: Recipe, demonstrations: Int) {
    if let method = recipe.method.method as? DAgger {
      dagger = method.configuration
      steps = method.roundSteps
      labels = zip(method.budgets, method.budgets.dropFirst()).map { $1 - $0 }
    } else {
      labels = Array(repeating: min(demonstrations, 6_000), count: 8)
      steps = max(1, recipe.training.steps / 2)
      dagger = DAggerConfiguration(labelBudgets: labels, executionHorizon: recipe.horizons.execution)
    }
  }

  var executionHorizon: Int { dagger.executionHorizon }
  func expertShare(round: Int) -> Double { dagger.expertShare(round: round) }
}

/// Recording's progress, as the words of a snapshot.
private struct LiveProgress: ProgressReporter {
  let tell: @Sendable (String) -> Void

  init(_ tell: @escaping @Sendable (String) -> Void) { self.tell = tell }

  func report(stage: String, done: Int, total: Int, note: String) {
    tell("The expert shows how: \(done) of \(total) episodes.")
  }
}

/// How many labels of a round there are, as the words of a snapshot.
private struct LabelProgress: ProgressReporter {
  let tell: @Sendable (String) -> Void

  func report(stage: String, done: Int, total: Int, note: String) {
    tell("The learner drives and the expert labels: \(done) of \(total).")
  }
}

extension Array {
  /// All elements, which are gone from the array then.
  fileprivate mutating func take() -> [Element] {
    defer { removeAll() }
    return self
  }
}
