// The idea: demonstrations → policy → held-out evaluation, in about thirty lines.
// A small flow-matching policy learns from an expert to bring the tip into the zone that a sentence
// names, in well under a minute.
//
//   swift run -c release train-in-thirty-lines        # or with fewer steps: … train-in-thirty-lines 100

import Foundation
import Planar

let threads = ProcessInfo.processInfo.activeProcessorCount
let steps = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 800
let world = try ArmEnvironment(named: "reach", randomization: "none")

// Demonstrations. Noise and pushes lead the expert astray, so that it shows how to recover.
let demonstrations = CollectionPlan(
  world: world, expert: ReachExpert(),
  actionNoise: ActionNoise(deviation: 0.3, pushProbability: 0.03), labels: .everyFrames(2),
  threads: threads)
var labels = LabelSet(features: world.features, horizons: Horizons())
try labels.append(try demonstrations.episodes(600))
print("\(labels.count) labels from \(labels.episodeCount) demonstrations")

// Training.
let policy = try makePolicy(
  head: HeadChoice(named: "flow"), size: .small, for: labels, environment: world.name, seed: 1)
let trainer = try Trainer(
  policy: policy, labels: labels,
  configuration: TrainingConfiguration(
    steps: steps, batchSize: 128, learningRate: 2e-3, threads: threads))
try trainer.run { record in
  print("step \(record.step): held-out loss \(record.validationLoss ?? .nan)")
}

// Evaluation, on seeds that no training may use, against an arm that moves at random.
func success(of driver: Driver<ArmEnvironment>) throws -> Proportion {
  let plan = RolloutPlan(world: world, seeds: Array(0..<200), driver: driver, threads: threads)
  return Proportion(try rollOut(plan).map(\.outcome.success))
}
let trained = try success(of: .policy(trainer.trainedPolicy))
let random = try success(of: .random())
let gain = trained.differenceInterval(from: random)
print("trained: \(trained.successes) of \(trained.trials) episodes succeeded")
print("random: \(random.successes) of \(random.trials) episodes succeeded")
print(String(format: "difference, 95 %% interval: %.3f to %.3f", gain.lowerBound, gain.upperBound))
