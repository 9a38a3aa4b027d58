// The one training loop. Methods supply data and hooks; heads supply the loss, unless a method does.

import PlanarDatasets
import Foundation
import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface

/// Trains a policy on what a method supplies: warm-up and cosine, gradient clipping, weight averaging; AdamW and
/// labelled windows unless the method has its own.
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
  /// Whose weights are trained.
  public let policy: TrainablePolicy
  /// Steps, rates, seed.
  public let configuration: TrainingConfiguration
  /// Gradient steps done.
  public private(set) var step = 0
  /// Wall time spent in `run`, before an interruption too.
  public private(set) var seconds = 0.0
  /// One record per validation interval.
  public private(set) var records: [TrainingRecord] = []

  private let lesson: Lesson
  private var batch: TrainingBatch
  private let gradient: ShardedGradient
  let optimizer: any Optimizer
  let average: WeightAverage
  private var lossSum: Float = 0
  private var normSum: Float = 0
  private var sumCount = 0
  /// Whether numbers that are not finite have ended `run`; weights and moments are those before the step at fault.
  public private(set) var hasDiverged = false

  /// - Parameter labels: learned by the head's own loss; some of their episodes are held out for validation.
  /// - Throws: `UserError` where a setting is out of range or no label is left to train on.
  public convenience init(
    policy: TrainablePolicy, labels: LabelSet, configuration: TrainingConfiguration
  ) throws {
    try configuration.validate()
    try policy.validateTeacher()
    try self.init(
      policy: policy, lesson: Lesson(source: LabelWindows(labels, for: policy, configuration)),
      configuration: configuration)
  }

  /// - Parameter lesson: data, loss and hooks of a learning method.
  /// - Throws: `UserError` where a setting is out of range.
  public init(policy: TrainablePolicy, lesson: Lesson, configuration: TrainingConfiguration) throws {
    try configuration.validate()
    try policy.validateTeacher()
    self.policy = policy
    self.lesson = lesson
    self.configuration = configuration
    let weights = policy.parameters.values
    let looksAtPictures = policy.configuration.trunk.observation.pixels != nil
    // Pictures are large: small shards stay in the cache.
    gradient = ShardedGradient(
      count: weights.count, threads: configuration.threads, rowsPerShard: looksAtPictures ? 16 : 64)
    optimizer =
      lesson.optimizer ?? AdamW(layout: policy.parameters.layout, configuration: configuration.optimizer)
    average = WeightAverage(of: weights, decay: configuration.averageDecay)
    batch = TrainingBatch(rows: configuration.batchSize, policy: policy)
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
        let record = try makeRecord()
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
    try lesson.source.fill(&batch, step: step)
    let (policy, batch, loss) = (self.policy, self.batch, lesson.loss)
    let value = gradient.compute(
      batch: batch.rows, weights: policy.parameters.values,
      noise: configuration.seed &* 0x9e37_79b9 &+ UInt64(step)
    ) { rows, tape, noise in
      loss(policy, batch, rows, tape, &noise)
    }
    guard value.isFinite else { throw divergence("the loss is \(value)") }
    // Where the norm is not finite, the optimizer changes nothing.
    let norm = optimizer.step(
      weights: policy.parameters.values, gradient: gradient.gradient,
      rateMultiplier: configuration.schedule.multiplier(step: step), threads: gradient.threads)
    guard norm.isFinite else { throw divergence("the norm of the gradient is \(norm)") }
    average.update(with: policy.parameters.values, threads: gradient.threads)
    lossSum += value
    normSum += norm
    sumCount += 1
    step += 1
    try lesson.afterStep(self)
  }

  /// What went wrong at the present step, and in which tensor it shows.
  private func divergence(_ what: String) -> UserError {
    hasDiverged = true
    let layout = policy.parameters.layout
    func isSound(_ parameter: Parameter, in buffer: FloatBuffer) -> Bool {
      layout.numbers(of: parameter, in: buffer).allSatisfy(\.isFinite)
    }
    var detail = ""
    if let parameter = layout.parameters.first(where: { !isSound($0, in: policy.parameters.values) }) {
      detail = ", and the weights '\(parameter.name)' are not finite"
    } else if let parameter = layout.parameters.first(where: { !isSound($0, in: gradient.gradient) }) {
      detail = ", and the gradient of '\(parameter.name)' is not finite"
    } else {
      let largest = layout.parameters.map { parameter in
        (parameter.name, layout.numbers(of: parameter, in: policy.parameters.values).map(abs).max() ?? 0)
      }.max { $0.1 < $1.1 }
      if let (name, number) = largest { detail = ", and the largest weight, of '\(name)', is \(number)" }
    }
    return UserError(
      "training diverged at step \(step): \(what)\(detail); lower the learning rate (now \(configuration.learningRate)) or look for extreme values in the data. The state before that step is kept in the run's folder"
    )
  }

  private func makeRecord() throws -> TrainingRecord {
    let record = TrainingRecord(
      step: step, trainingLoss: lossSum / Float(max(1, sumCount)),
      validationLoss: validationLoss(),
      learningRate: configuration.learningRate
        * configuration.schedule.multiplier(step: max(0, step - 1)),
      gradientNorm: normSum / Float(max(1, sumCount)), epochs: lesson.source.epochs(before: step))
    if let loss = record.validationLoss, !loss.isFinite {
      throw divergence("the validation loss is \(loss), the training loss \(record.trainingLoss)")
    }
    guard record.trainingLoss.isFinite, record.gradientNorm.isFinite else {
      throw divergence(
        "the mean training loss is \(record.trainingLoss), the mean norm of the gradient \(record.gradientNorm)")
    }
    lossSum = 0
    normSum = 0
    sumCount = 0
    return record
  }

  /// The averaged weights' loss on held-out episodes, with the same noise every time; nil without any.
  private func validationLoss() -> Float? {
    let batches = lesson.source.validationBatches
    guard !batches.isEmpty else { return nil }
    let tape = Tape(recording: false)
    var noise = RandomStream(seed: configuration.seed, purpose: "validation noise")
    var sum: Float = 0
    for batch in batches {
      tape.begin(weights: average.values)
      sum += lesson.loss(policy, batch, 0..<batch.rows, tape, &noise)
    }
    return sum / Float(batches.count)
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

    /// Whether a training of some steps can have come to these.
    func arePossible(within steps: Int) -> Bool {
      (0...max(0, steps)).contains(step) && (0...step).contains(averageUpdates) && (0...step).contains(sumCount)
        && seconds.isFinite && seconds >= 0
        && records.allSatisfy { (0...step).contains($0.step) && $0.epochs.isFinite }
    }
  }

  var counters: Counters {
    get {
      Counters(
        step: step, averageUpdates: average.updateCount, lossSum: lossSum, normSum: normSum,
        sumCount: sumCount, records: records, seconds: seconds)
    }
    set {
      step = newValue.step
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
