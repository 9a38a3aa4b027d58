// The one training loop. Methods supply labels; heads supply the loss.

import Datasets
import Foundation
import NeuralNetworks
import PlanarCore
import Policies
import PolicyInterface

/// Trains a policy on labelled windows: AdamW, warm-up and cosine, gradient clipping, weight averaging.
///
/// ```swift
/// let trainer = try Trainer(policy: policy, labels: labels, configuration: TrainingConfiguration())
/// try trainer.run()
/// let trained = trainer.trainedPolicy
/// ```
///
/// The same seed and labels give bit-identical weights for any number of threads, and after stopping and
/// resuming.
public final class Trainer {
  public let policy: any TrainablePolicy
  public let configuration: TrainingConfiguration
  /// Gradient steps done.
  public private(set) var step = 0
  /// One record per validation interval.
  public private(set) var records: [TrainingRecord] = []

  private let labels: LabelSet
  private let words: [[Int32]]
  private let batch: TrainingBatch
  private let validationBatches: [TrainingBatch]
  private var sampler: EpochSampler
  private var indices: [Int] = []
  private let gradient: ShardedGradient
  let optimizer: AdamW
  let average: WeightAverage
  private var lossSum: Float = 0
  private var normSum: Float = 0
  private var sumCount = 0

  /// Held-out windows looked at in a validation.
  private static let mostValidationLabels = 1_024

  /// - Parameters:
  ///   - indices: the labels to use; nil for all. Some of their episodes are held out for validation.
  /// - Throws: `UserError` where a setting is out of range or no label is left to train on.
  public init(
    policy: any TrainablePolicy, labels: LabelSet, indices: [Int]? = nil,
    configuration: TrainingConfiguration
  ) throws {
    try configuration.validate()
    self.policy = policy
    self.labels = labels
    self.configuration = configuration
    var split = labels.split(
      validationFraction: configuration.validationFraction, seed: configuration.seed)
    if let indices {
      let chosen = Set(indices)
      split.training.removeAll { !chosen.contains($0) }
      split.validation.removeAll { !chosen.contains($0) }
    }
    sampler = try EpochSampler(
      indices: split.training, batchSize: configuration.batchSize, seed: configuration.seed)
    words = labels.commands.map { policy.configuration.tokenizer.tokens(of: $0) }
    let weights = policy.parameters.values
    gradient = ShardedGradient(count: weights.count, threads: configuration.threads)
    optimizer = AdamW(layout: policy.parameters.layout, configuration: configuration.optimizer)
    average = WeightAverage(of: weights, decay: configuration.averageDecay)
    batch = TrainingBatch(count: configuration.batchSize, configuration: policy.configuration)

    // Held-out labels spread evenly, in batches of the training size, a last partial one left out.
    let stride = max(1, split.validation.count / Trainer.mostValidationLabels)
    let kept = split.validation.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
    let size = min(configuration.batchSize, max(1, kept.count))
    validationBatches = kept.isEmpty ? [] : (0..<max(1, kept.count / size)).map { part in
      let batch = TrainingBatch(count: size, configuration: policy.configuration)
      Trainer.fill(batch, with: Array(kept[part * size..<(part + 1) * size]), of: labels)
      return batch
    }
    for batch in validationBatches { fillWords(of: batch) }
  }

  /// Runs until `configuration.steps`, or until `stop` is raised between two steps.
  ///
  /// - Parameter onRecord: called with each log record, after the step it describes.
  /// - Throws: `UserError` where the loss is no longer finite, and what `onRecord` throws.
  public func run(
    progress: any ProgressReporter = SilentProgress(), stop: StopFlag = StopFlag(),
    onRecord: (TrainingRecord) throws -> Void = { _ in }
  ) throws {
    var note = ""
    while step < configuration.steps, !stop.isRaised {
      try takeStep()
      if step % configuration.validationInterval == 0 || step == configuration.steps {
        let record = makeRecord()
        records.append(record)
        note = record.validationLoss.map { "validation loss \(short($0))" }
          ?? "loss \(short(record.trainingLoss))"
        try onRecord(record)
      }
      if step % 20 == 0 || step == configuration.steps {
        progress.report(
          stage: "training \(policy.configuration.head)", done: step, total: configuration.steps,
          note: note)
      }
    }
  }

  /// The policy as it stands, with averaged weights.
  public var trainedPolicy: any Policy { policy.policy(weights: average.values) }

  private func takeStep() throws {
    sampler.next(into: &indices)
    Trainer.fill(batch, with: indices, of: labels)
    fillWords(of: batch)
    let policy = self.policy
    let batch = self.batch
    let loss = gradient.compute(
      batch: batch.count, weights: policy.parameters.values,
      noise: configuration.seed &* 0x9e37_79b9 &+ UInt64(step)
    ) { rows, tape, noise in
      policy.loss(batch, rows: rows, tape: tape, noise: &noise)
    }
    let norm = optimizer.step(
      weights: policy.parameters.values, gradient: gradient.gradient,
      rateMultiplier: configuration.schedule.multiplier(step: step))
    guard loss.isFinite, norm.isFinite else {
      throw UserError(
        "training diverged at step \(step): the loss is \(loss); lower the learning rate (now \(configuration.learningRate)) or look for extreme values in the data"
      )
    }
    average.update(with: policy.parameters.values)
    lossSum += loss
    normSum += norm
    sumCount += 1
    step += 1
  }

  private func makeRecord() -> TrainingRecord {
    let record = TrainingRecord(
      step: step, trainingLoss: lossSum / Float(max(1, sumCount)),
      validationLoss: validationLoss(),
      learningRate: configuration.learningRate
        * configuration.schedule.multiplier(step: max(0, step - 1)),
      gradientNorm: normSum / Float(max(1, sumCount)), epochs: sampler.epochs)
    lossSum = 0
    normSum = 0
    sumCount = 0
    return record
  }

  /// The averaged weights' loss on held-out episodes, with the same noise every time; nil without any.
  private func validationLoss() -> Float? {
    guard !validationBatches.isEmpty else { return nil }
    let tape = Tape(recording: false)
    var noise = RandomStream(seed: configuration.seed, purpose: "validation noise")
    var sum: Float = 0
    for batch in validationBatches {
      tape.begin(weights: average.values)
      sum += policy.loss(batch, rows: 0..<batch.count, tape: tape, noise: &noise)
    }
    return sum / Float(validationBatches.count)
  }

  private static func fill(_ batch: TrainingBatch, with indices: [Int], of labels: LabelSet) {
    labels.fill(
      indices, proprioception: batch.proprioception, objects: batch.objects, chunks: batch.chunks,
      commandIndices: batch.commandIndices)
  }

  /// Replaces command numbers by their words.
  private func fillWords(of batch: TrainingBatch) {
    for row in 0..<batch.count {
      batch.setWords(words[Int(batch.commandIndices[row])], row: row)
    }
  }

  // MARK: Resuming

  /// Counters that a resumed run needs besides tensors.
  struct Counters: Codable {
    var step: Int
    var averageUpdates: Int
    var lossSum, normSum: Float
    var sumCount: Int
    var records: [TrainingRecord]
  }

  var counters: Counters {
    get {
      Counters(
        step: step, averageUpdates: average.updateCount, lossSum: lossSum, normSum: normSum,
        sumCount: sumCount, records: records)
    }
    set {
      step = newValue.step
      sampler.step = newValue.step
      optimizer.stepCount = newValue.step
      average.updateCount = newValue.averageUpdates
      lossSum = newValue.lossSum
      normSum = newValue.normSum
      sumCount = newValue.sumCount
      records = newValue.records
    }
  }
}

private func short(_ value: Float) -> String {
  let text = "\((value * 100_000).rounded() / 100_000)"
  return text
}
