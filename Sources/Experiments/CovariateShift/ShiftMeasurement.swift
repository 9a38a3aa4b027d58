// What is measured of one trained policy.

import PlanarArmEnvironments
import PlanarDatasets
import PlanarEvaluation
import PlanarCore
import PlanarPolicyInterface
import PlanarReplays
import PlanarRollouts

/// One policy of the comparison at one execution horizon.
public struct ShiftCell: Codable, Equatable, Sendable {
  /// How the labels were collected.
  public var method: ShiftMethod
  /// The label budget.
  public var labels: Int
  /// The seed of weights, batches and data.
  public var trainingSeed: UInt64
  /// Actions executed per chunk.
  public var executionHorizon: Int
  /// Success of each evaluation episode, in order.
  public var successes: [Bool]
  /// Root-mean-square error of the executed actions against the expert's, on states of the expert.
  public var expertStateError: Double
  /// The same on states that the policy itself brought about, up to where it got stuck.
  public var ownStateError: Double
  /// The share of the labelled episodes' time that the policy spent stuck: in failed episodes, the stretch at the end in
  /// which nothing moved any more.
  public var stuckShare: Double
  /// Energy distance between the states of the policy and of the expert, at `CovariateShiftResult.frames`.
  public var divergence: [Double]
  /// `[episode][point][feature]`: what `visitedState` was in the first evaluation episodes, every few frames.
  public var paths: [[[Float]]]
  /// The first evaluation episodes as the page shows them, of the first training seed at the largest budget and the
  /// shortest execution horizon; none of other cells.
  public var films: [SceneFilm]

  /// The same policy under another method's name.
  func of(_ method: ShiftMethod) -> ShiftCell {
    var cell = self
    cell.method = method
    return cell
  }

  /// The share of evaluation episodes that succeeded.
  public var successRate: Double {
    Double(successes.count { $0 }) / Double(max(1, successes.count))
  }
}

/// The expert's own evaluation episodes: held-out states, labels, and where it goes.
struct ExpertReference {
  var histories: [ObservationHistory] = []
  var labels: [ActionChunk] = []
  /// `[episode][frame][feature]`
  var states: [[[Float]]] = []
  var successRate = 0.0

  init<World: LibraryEnvironment>(
    _ configuration: CovariateShiftConfiguration, world: World, expert: any Expert<World>, horizons: Horizons,
    stop: StopFlag
  ) throws {
    let plan = RolloutPlan(
      world: world, seeds: configuration.evaluationSeeds, driver: .expert(expert),
      recording: Recording(
        keepsFrames: true, labeller: expert, labels: .everyFrames(configuration.labelStride),
        labelHorizon: horizons.prediction, probe: { $0.visitedState }))
    let episodes = try rollOut(plan, stop: stop)
    for episode in episodes.compactMap(\.episode) {
      for (frame, label) in zip(episode.labelFrames, episode.labels) {
        histories.append(episode.history(at: frame, horizon: horizons.observation))
        labels.append(label)
      }
    }
    states = episodes.map(\.probes)
    successRate = Double(episodes.count { $0.outcome.success }) / Double(max(1, episodes.count))
  }
}

extension CovariateShiftConfiguration {
  var evaluationSeeds: [UInt64] {
    Array(firstEvaluationSeed..<firstEvaluationSeed + UInt64(evaluationEpisodes))
  }
}

/// When visitation is compared.
enum ShiftProbe {
  /// Control steps.
  static let frames = Array(stride(from: 0, through: 120, by: 10))
  /// How many evaluation episodes have their paths kept, and every how many frames.
  static let (episodesWithPaths, pathStride) = (4, 4)

  /// The paths of the first episodes, with the last state of each.
  static func paths(of states: [[[Float]]]) -> [[[Float]]] {
    states.prefix(episodesWithPaths).map { frames in
      stride(from: 0, to: frames.count, by: pathStride).map { frames[$0] } + frames.suffix(1)
    }
  }

  /// The frame from which on a failed episode did not move more than a centimetre in any feature, if it stayed so for
  /// two seconds; the number of frames where it moved to the end.
  static func stuckFrom(_ states: [[Float]]) -> Int {
    guard let last = states.last else { return 0 }
    let moving = states.lastIndex { zip($0, last).contains { abs($0 - $1) > 0.01 } } ?? -1
    return states.count - (moving + 1) >= 20 ? moving + 1 : states.count
  }
}

/// Evaluates one policy at one execution horizon.
func measure<World: LibraryEnvironment>(
  _ policy: any Policy, executionHorizon: Int, method: ShiftMethod, labels: Int,
  trainingSeed: UInt64, configuration: CovariateShiftConfiguration, world: World,
  expert: any Expert<World>, reference: ExpertReference
) throws -> ShiftCell {
  let seeds = configuration.evaluationSeeds
  var plan = RolloutPlan(
    world: world, seeds: Array(seeds.prefix(configuration.labelledEvaluationEpisodes)),
    driver: .policy(policy), executionHorizon: executionHorizon,
    recording: Recording(
      keepsFrames: true, keepsPredictions: true, labeller: expert,
      labels: executionHorizon >= configuration.labelStride
        ? .chunkStarts : .everyFrames(configuration.labelStride),
      labelHorizon: policy.horizons.prediction, probe: { $0.visitedState }))
  let labelled = try rollOut(plan)
  plan.seeds = Array(seeds.dropFirst(configuration.labelledEvaluationEpisodes))
  plan.recording = Recording(probe: { $0.visitedState })
  let rest = plan.seeds.isEmpty ? [] : try rollOut(plan)
  let all = labelled + rest

  var own: (predicted: [ActionChunk], labels: [ActionChunk]) = ([], [])
  var (stuck, frames) = (0, 0)
  for run in labelled {
    guard let episode = run.episode else { continue }
    let end = run.outcome.success ? run.probes.count : ShiftProbe.stuckFrom(run.probes)
    stuck += run.probes.count - end
    frames += run.probes.count
    let predictions = Dictionary(
      run.predictions.map { ($0.frame, $0.chunk) }, uniquingKeysWith: { first, _ in first })
    for (frame, label) in zip(episode.labelFrames, episode.labels) where frame < end {
      guard let chunk = predictions[frame] else { continue }
      own.predicted.append(chunk)
      own.labels.append(label)
    }
  }
  let onExpert = ChunkError(
    predicted: predictChunks(of: policy, for: reference.histories, seed: trainingSeed),
    labels: reference.labels, executionHorizon: executionHorizon)
  let onOwn = ChunkError(
    predicted: own.predicted, labels: own.labels, executionHorizon: executionHorizon)
  let isFilmed =
    trainingSeed == configuration.trainingSeeds.first && labels == configuration.labelBudgets.last
    && executionHorizon == configuration.executionHorizons.min()
  let films = try (isFilmed ? seeds.prefix(ShiftProbe.episodesWithPaths) : []).map { seed in
    plan.seeds = [seed]
    return try SceneFilm("\(method.rawValue), episode \(seed)", of: plan)
  }
  let divergence = try VisitationDivergence(
    between: reference.states, and: all.map(\.probes), frames: ShiftProbe.frames, most: 100,
    permutations: 1, seed: trainingSeed)
  return ShiftCell(
    method: method, labels: labels, trainingSeed: trainingSeed, executionHorizon: executionHorizon,
    successes: all.map(\.outcome.success), expertStateError: onExpert.meanExecuted,
    ownStateError: onOwn.meanExecuted, stuckShare: Double(stuck) / Double(max(1, frames)),
    divergence: divergence.distances.map(\.distance), paths: ShiftProbe.paths(of: all.map(\.probes)), films: films)
}
