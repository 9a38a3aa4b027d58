// The settings of the comparison: fixed before it runs, saved beside its results.

import PlanarLearning
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts

/// Behaviour cloning, behaviour cloning with noise injection, and DAgger, at equal numbers of labels.
public struct CovariateShiftConfiguration: Codable, Equatable, Sendable {
  /// Expert labels, ascending, in geometric steps.
  public var labelBudgets: [Int]
  /// Whether behaviour cloning and noise injection are measured at every budget; else at the largest, where they are
  /// judged, and behaviour cloning at the first, where it is DAgger's beginning.
  public var measuresClonesAtEveryBudget: Bool
  /// One run of each method per seed.
  public var trainingSeeds: [UInt64]
  /// Steps executed of each chunk; each is evaluated. DAgger collects with the longest.
  public var executionHorizons: [Int]
  /// How many observations a policy is shown. With two or more it can go by what it did last (copycats, Wen et al. 2020,
  /// arXiv 2010.14876).
  public var observedFrames: Int
  /// The same for every policy; its seed is replaced by the training seed.
  public var training: TrainingConfiguration
  /// The size of the policies' networks.
  public var size: PolicySize
  /// Frames between labels: the expert labels as often whoever drives.
  public var labelStride: Int
  /// What disturbs the expert's actions in the second method.
  public var actionNoise: ActionNoise
  /// β of DAgger's first round, and its factor per round.
  public var expertShare: Double
  /// The factor on the expert's share from round to round.
  public var expertShareDecay: Double
  /// Every policy is evaluated on the episodes `firstEvaluationSeed ..< + evaluationEpisodes`.
  public var evaluationEpisodes: Int
  /// The seed of the first evaluation episode.
  public var firstEvaluationSeed: UInt64
  /// Of these, how many have the expert label the learner's states.
  public var labelledEvaluationEpisodes: Int

  /// The full form.
  public static let full = CovariateShiftConfiguration(
    labelBudgets: [6_000, 12_000, 24_000, 48_000], measuresClonesAtEveryBudget: true, trainingSeeds: [1, 2, 3, 4, 5],
    executionHorizons: [1, 8], observedFrames: 1,
    training: TrainingConfiguration(
      steps: 8_000, batchSize: 128, learningRate: 2e-3, warmupSteps: 100, averageDecay: 0.995,
      validationInterval: 1_000),
    size: .small, labelStride: 8,
    actionNoise: ActionNoise(deviation: 0.3, pushProbability: 0.03, pushDeviation: 0.6),
    expertShare: 0.8, expertShareDecay: 0.7, evaluationEpisodes: 200, firstEvaluationSeed: 10_000,
    labelledEvaluationEpisodes: 40)

  /// The quick form: fewer seeds, steps, budgets and episodes.
  public static let quick: CovariateShiftConfiguration = {
    var configuration = full
    configuration.labelBudgets = [6_000, 12_000, 24_000]
    configuration.measuresClonesAtEveryBudget = false
    configuration.trainingSeeds = [1, 2, 3, 4]
    configuration.executionHorizons = [8]
    configuration.training.steps = 3_000
    configuration.evaluationEpisodes = 80
    configuration.labelledEvaluationEpisodes = 20
    return configuration
  }()

  /// - Throws: `UserError` naming the setting that is out of range.
  public func validate() throws {
    try SeedRanges.countRange.require(evaluationEpisodes, "the number of evaluation episodes")
    try NumberRange(1...100_000).require(labelStride, "the label stride")
    try NumberRange(1...64).require(observedFrames, "the number of observed frames")
    try training.validate()
    try DAggerConfiguration(
      labelBudgets: labelBudgets, expertShare: expertShare, expertShareDecay: expertShareDecay
    ).validate()
    guard !trainingSeeds.isEmpty, !executionHorizons.isEmpty, labelStride > 0,
      evaluationEpisodes > 0, (1...evaluationEpisodes).contains(labelledEvaluationEpisodes)
    else {
      throw UserError(
        "the comparison needs a training seed, an execution horizon, a positive label stride, and evaluation episodes, of which 1 to \(evaluationEpisodes) are labelled"
      )
    }
    guard Set(trainingSeeds).count == trainingSeeds.count else {
      throw UserError("training seeds must differ from one another; they are \(trainingSeeds)")
    }
    let longest = Horizons().prediction
    guard executionHorizons.allSatisfy({ (1...longest).contains($0) }) else {
      throw UserError(
        "execution horizons must lie in 1 … \(longest), the steps of a chunk; they are \(executionHorizons)")
    }
    guard firstEvaluationSeed < SeedRanges.firstTraining,
      UInt64(evaluationEpisodes) <= SeedRanges.firstTraining - firstEvaluationSeed
    else {
      throw UserError(
        "evaluation seeds from \(firstEvaluationSeed) on reach into those for training, which begin at \(SeedRanges.firstTraining)"
      )
    }
  }
}

extension CovariateShiftConfiguration {
  /// Whether a method is measured at a budget.
  package func measures(_ method: ShiftMethod, labels: Int) -> Bool {
    switch method {
    case .dagger: true
    case .behaviourCloning where labels == labelBudgets[0]: true
    case .behaviourCloning, .noisyBehaviourCloning: measuresClonesAtEveryBudget || labels == labelBudgets.last
    }
  }

  /// Why the comparison can have no such cell behind others, for `CellLog`; nil where it can.
  package func problem(of cell: ShiftCell, after others: [ShiftCell]) -> String? {
    let name =
      "is the cell of \(cell.method.rawValue) with \(cell.labels) labels, seed \(cell.trainingSeed) and horizon \(cell.executionHorizon)"
    guard labelBudgets.contains(cell.labels), measures(cell.method, labels: cell.labels),
      trainingSeeds.contains(cell.trainingSeed),
      executionHorizons.contains(cell.executionHorizon)
    else { return "\(name), which plan.json does not ask for" }
    let isRepeated = others.contains {
      $0.method == cell.method && $0.labels == cell.labels && $0.trainingSeed == cell.trainingSeed
        && $0.executionHorizon == cell.executionHorizon
    }
    if isRepeated { return "\(name), which a line before it has" }
    guard cell.successes.count == evaluationEpisodes else {
      return "\(name) with \(cell.successes.count) of \(evaluationEpisodes) evaluation episodes"
    }
    guard cell.expertStateError >= 0, cell.ownStateError >= 0, 0...1 ~= cell.stuckShare,
      cell.divergence.count == ShiftProbe.frames.count
    else {
      return "\(name), and has an error below 0 or not \(ShiftProbe.frames.count) divergences"
    }
    guard cell.films.allSatisfy(\.isSound) else { return "\(name), and has a film without frames or bounds" }
    return nil
  }
}

/// How a policy came by its labels.
public enum ShiftMethod: String, Codable, CaseIterable, Sendable {
  /// From the expert's own episodes.
  case behaviourCloning = "BC"
  /// From the expert's episodes with noise on its actions.
  case noisyBehaviourCloning = "BC + noise"
  /// From states that the learner led to, labelled by the expert.
  case dagger = "DAgger"
}
