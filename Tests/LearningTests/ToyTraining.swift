// What the tests of learning share: labels of the point world, and small trainers for them.

import PlanarDatasets
import Foundation
import PlanarLearning
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts
import Testing
import PlanarToyWorld

enum Toy {
  static let horizons = Horizons(observation: 2, prediction: 6, execution: 3)

  static func plan(noise: ActionNoise? = nil, stride: Int = 2, threads: Int = 1)
    -> CollectionPlan<PointWorld>
  {
    CollectionPlan(
      world: PointWorld(), expert: PointExpert(), actionNoise: noise, labels: .everyFrames(stride),
      labelHorizon: horizons.prediction, threads: threads)
  }

  /// Exactly `count` labels of the expert's own episodes.
  static func labels(_ count: Int, offset: Int = 0) throws -> LabelSet {
    var labels = LabelSet(features: PointWorld().features, horizons: horizons)
    let episodes = try plan().episodes(holdingLabels: count, offset: offset)
    try labels.append(firstLabels(of: episodes, count: count))
    return labels
  }

  static func policy(_ head: String, for labels: LabelSet, seed: UInt64 = 5) throws -> TrainablePolicy {
    try makePolicy(
      head: HeadChoice(named: head), size: .small, for: labels, environment: "point", seed: seed)
  }

  /// Two shards a step, so that two threads have something to share.
  static func configuration(steps: Int = 45, threads: Int = 1) -> TrainingConfiguration {
    TrainingConfiguration(
      steps: steps, batchSize: 128, learningRate: 2e-3, warmupSteps: 5, averageDecay: 0.95,
      validationFraction: 0.2, validationInterval: 15, seed: 3, threads: threads)
  }

  static func trainer(
    _ head: String, _ labels: LabelSet, _ configuration: TrainingConfiguration
  ) throws -> Trainer {
    try Trainer(policy: policy(head, for: labels), labels: labels, configuration: configuration)
  }
}

/// A folder that goes with the test.
final class TemporaryFolder {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("planar-learning-\(UUID().uuidString)")
  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: url) }
}

/// The averaged weights, as a checkpoint keeps them.
func savedWeights(_ policy: TrainedPolicy) throws -> Data {
  let folder = try TemporaryFolder()
  try Checkpoint.save(policy, to: folder.url)
  return try Data(contentsOf: folder.url.appendingPathComponent(Checkpoint.weightsFile))
}

/// Raises a flag when a number of units is done.
struct StopsAt: ProgressReporter {
  let done: Int
  let stop: StopFlag
  func report(stage: String, done: Int, total: Int, note: String) {
    if done >= self.done { stop.raise() }
  }
}

/// The message with which `body` is refused.
func refusal(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "accepted"
  } catch let error as UserError {
    return error.message
  } catch {
    return "not a UserError: \(error)"
  }
}
