// The one training loop. Methods supply labels; heads supply the loss.

import PlanarDatasets
import Foundation
import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface

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
  public let policy: TrainablePolicy
  public let configuration: TrainingConfiguration
  /// Gradient steps done.
  public private(set) var step = 0
  /// Wall time spent in `run`, before an interruption too.
  public private(set) var seconds = 0.0
  /// One record per validation interval.
  public private(set) var records: [TrainingRecord] = []

  private let labels: LabelSet
  /// What the network reads of each of the set's commands.
  private let commands: [[Float]]
  private var batch: TrainingBatch
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
  ///   - labels: some of their episodes are held out for validation.
  /// - Throws: `UserError` where a setting is out of range or no label is left to train on.
  public init(
    policy: TrainablePolicy, labels: LabelSet, configuration: TrainingConfiguration
  ) throws {
    try configuration.validate()
    try policy.validateTeacher()
    let pictures = policy.configuration.trunk.observation.pictures
    guard labels.pictures == pictures else {
      throw UserError(
        "the policy looks at \(pictures) pictures of a window, but the training set keeps \(labels.pictures)")
    }
    let delay = policy.configuration.head.options.largestDelay
    guard labels.largestDelay == delay, delay == 0 || policy.configuration.relativeActions == nil else {
      throw UserError(
        policy.configuration.relativeActions != nil
          ? "training for inference delays is for actions that are moves; set largestDelay to 0"
          : "the policy is trained for inference delays of up to \(delay) steps, but the training set keeps \(labels.largestDelay)"
      )
    }
    self.policy = policy
    let labels = labels.seen(by: policy.configuration.relativeActions)
    self.labels = labels
    self.configuration = configuration
    let split = labels.split(
      validationFraction: configuration.validationFraction, seed: configuration.seed)
    sampler = try EpochSampler(
      indices: split.training, batchSize: configuration.batchSize, seed: configuration.seed)
    let commands = labels.commands.map { policy.input(for: $0) }
    self.commands = commands
    let weights = policy.parameters.values
    // Pictures are large: small shards stay in the cache.
    gradient = ShardedGradient(
      count: weights.count, threads: configuration.threads, rowsPerShard: pictures > 0 ? 16 : 64)
    optimizer = AdamW(layout: policy.parameters.layout, configuration: configuration.optimizer)
    average = WeightAverage(of: weights, decay: configuration.averageDecay)
    batch = TrainingBatch(rows: configuration.batchSize, policy: policy)

    // Held-out labels spread evenly, in batches of the training size, a last partial one left out.
    let stride = max(1, split.validation.count / Trainer.mostValidationLabels)
    let kept = split.validation.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
    let size = min(configuration.batchSize, kept.count)
    validationBatches =
      kept.isEmpty
      ? []
      : (0..<kept.count / size).map { part in
        var batch = TrainingBatch(rows: size, policy: policy)
        var stream = RandomStream(seed: configuration.seed &+ UInt64(part), purpose: "validation delays")
        batch.drawDelays(upTo: labels.largestDelay, &stream)
        batch.fill(with: Array(kept[part * size..<(part + 1) * size]), of: labels, commands: commands)
        return batch
      }
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
    var lastTime = ContinuousClock.now
    while step < configuration.steps, !stop.isRaised {
      try takeStep()
      let now = ContinuousClock.now
      seconds += (now - lastTime) / .seconds(1)
      lastTime = now
      if step % configuration.validationInterval == 0 || step == configuration.steps {
        let record = makeRecord()
        records.append(record)
        note =
          record.validationLoss.map { "validation loss \(short($0))" }
          ?? "loss \(short(record.trainingLoss))"
        try onRecord(record)
      }
      if step % 20 == 0 || step == configuration.steps {
        progress.report(
          stage: "training \(policy.configuration.head.name)", done: step, total: configuration.steps,
          note: note)
      }
    }
  }

  /// The policy as it stands, with averaged weights.
  public var trainedPolicy: TrainedPolicy { policy.policy(weights: average.values) }

  private func takeStep() throws {
    sampler.next(into: &indices)
    if labels.largestDelay > 0 {
      var stream = RandomStream(seed: configuration.seed &+ UInt64(step), purpose: "delays")
      batch.drawDelays(upTo: labels.largestDelay, &stream)
    }
    batch.fill(with: indices, of: labels, commands: commands)
    let policy = self.policy
    let batch = self.batch
    let loss = gradient.compute(
      batch: batch.rows, weights: policy.parameters.values,
      noise: configuration.seed &* 0x9e37_79b9 &+ UInt64(step)
    ) { rows, tape, noise in
      policy.loss(batch, rows: rows, on: tape, noise: &noise)
    }
    let norm = optimizer.step(
      weights: policy.parameters.values, gradient: gradient.gradient,
      rateMultiplier: configuration.schedule.multiplier(step: step), threads: gradient.threads)
    guard loss.isFinite, norm.isFinite else {
      throw UserError(
        "training diverged at step \(step): the loss is \(loss); lower the learning rate (now \(configuration.learningRate)) or look for extreme values in the data"
      )
    }
    average.update(with: policy.parameters.values, threads: gradient.threads)
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
      sum += policy.loss(batch, rows: 0..<batch.rows, on: tape, noise: &noise)
    }
    return sum / Float(validationBatches.count)
  }

  // MARK: Resuming

  /// Counters that a resumed run needs besides tensors.
  struct Counters: Codable {
    var step: Int
    var averageUpdates: Int
    var lossSum, normSum: Float
    var sumCount: Int
    var records: [TrainingRecord]
    var seconds: Double
  }

  var counters: Counters {
    get {
      Counters(
        step: step, averageUpdates: average.updateCount, lossSum: lossSum, normSum: normSum,
        sumCount: sumCount, records: records, seconds: seconds)
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
      seconds = newValue.seconds
    }
  }
}

private func short(_ value: Float) -> String { "\((value * 100_000).rounded() / 100_000)" }

extension TrainingBatch {
  /// Draws how late each row's answer is to come: half of them as late as can be, which is the hardest to learn, the
  /// others as often at once as at each other number of steps.
  fileprivate mutating func drawDelays(upTo largest: Int, _ stream: inout RandomStream) {
    for row in given.indices {
      given[row] = Int32(stream.uniform() < 0.5 ? largest : stream.integer(below: largest + 1))
    }
  }

  /// Copies labels and what the network reads of their commands into the batch.
  ///
  /// - Parameter commands: what the network reads of each of the set's commands.
  fileprivate mutating func fill(with indices: [Int], of labels: LabelSet, commands: [[Float]]) {
    labels.fill(indices, &self.labels)
    var index = 0
    for command in self.labels.commandIndices {
      for number in commands[Int(command)] {
        self.commands[index] = number
        index += 1
      }
    }
  }
}
