// Labelled windows as the trainer's data: shuffled in epochs, some episodes held out.

import PlanarDatasets
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface

/// The windows of a label set, in batches.
public final class LabelWindows: TrainingSource {
  /// Windows of held-out episodes, with the delays that they are measured at.
  public let validationBatches: [TrainingBatch]
  private let policy: TrainablePolicy
  private let labels: LabelSet
  /// What the network reads of each of the set's commands.
  private let commands: [[Float]]
  private let seed: UInt64
  private var sampler: EpochSampler
  private var indices: [Int] = []

  /// Held-out windows looked at in a validation.
  private static let mostValidationLabels = 1_024

  /// - Parameters:
  ///   - labels: some of their episodes are held out for validation.
  ///   - policy: whose windows, pictures and delays they must have.
  /// - Throws: `UserError` where they do not, or no label is left to train on.
  public init(_ labels: LabelSet, for policy: TrainablePolicy, _ configuration: TrainingConfiguration) throws {
    let pictures = policy.configuration.trunk.observation.pictures
    guard labels.pictures == pictures else {
      throw UserError(
        "the policy looks at \(pictures) pictures of a window, but the training set keeps \(labels.pictures)")
    }
    let delay = policy.configuration.head.options.largestDelay
    guard labels.largestDelay == delay else {
      throw UserError(
        "the policy is trained for inference delays of up to \(delay) steps, but the training set keeps \(labels.largestDelay)"
      )
    }
    self.policy = policy
    self.labels = labels
    seed = configuration.seed
    let split = labels.split(
      validationFraction: configuration.validationFraction, seed: configuration.seed)
    sampler = try EpochSampler(
      indices: split.training, batchSize: configuration.batchSize, seed: configuration.seed)
    let commands = labels.commands.map { policy.input(for: $0) }
    self.commands = commands

    // Held-out labels spread evenly, in batches of the training size, a last partial one left out.
    let stride = max(1, split.validation.count / LabelWindows.mostValidationLabels)
    let kept = split.validation.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
    let size = min(configuration.batchSize, kept.count)
    validationBatches =
      kept.isEmpty
      ? []
      : try (0..<kept.count / size).map { part in
        var batch = TrainingBatch(rows: size, policy: policy)
        var stream = RandomStream(seed: configuration.seed &+ UInt64(part), purpose: "validation delays")
        batch.drawDelays(upTo: labels.largestDelay, &stream)
        try batch.fill(
          with: Array(kept[part * size..<(part + 1) * size]), of: labels, commands: commands,
          policy: policy)
        return batch
      }
  }

  /// The windows of a step: as many as the batch has rows, in the order of the epoch.
  public func fill(_ batch: inout TrainingBatch, step: Int) throws {
    sampler.step = step
    sampler.next(into: &indices)
    if labels.largestDelay > 0 {
      var stream = RandomStream(seed: seed &+ UInt64(step), purpose: "delays")
      batch.drawDelays(upTo: labels.largestDelay, &stream)
    }
    try batch.fill(with: indices, of: labels, commands: commands, policy: policy)
  }

  /// Passes over the labels that are not held out.
  public func epochs(before step: Int) -> Double {
    Double(step * sampler.batchSize) / Double(sampler.indices.count)
  }
}

extension TrainingBatch {
  /// Draws how late each row's answer is to come: half of them as late as can be, which is the hardest to learn, the
  /// others as often at once as at each other number of steps.
  mutating func drawDelays(upTo largest: Int, _ stream: inout RandomStream) {
    for row in prefixLengths.indices {
      prefixLengths[row] = Int32(stream.uniform() < 0.5 ? largest : stream.integer(below: largest + 1))
    }
  }

  /// Copies labels and what the network reads of their commands into the batch.
  ///
  /// - Parameters:
  ///   - commands: what the network reads of each of the set's commands.
  ///   - policy: whose representation the chunks get, each from where its row's window ends.
  mutating func fill(
    with indices: [Int], of labels: LabelSet, commands: [[Float]], policy: TrainablePolicy
  ) throws {
    try labels.fill(indices, &self.labels)
    represent(by: policy)
    var index = 0
    for command in self.labels.commandIndices {
      for number in commands[Int(command)] {
        self.commands[index] = number
        index += 1
      }
    }
  }

  /// Turns every row's chunk into what the network sees, from where the robot is at the end of the row's window: with an
  /// inference delay that lies before the label.
  private mutating func represent(by policy: TrainablePolicy) {
    guard let representation = policy.configuration.representation else { return }
    let window = policy.configuration.horizons.observation
    let width = policy.configuration.features.proprioception.count
    let (rows, count) = (self.rows, chunks.count / self.rows)
    labels.chunks.withUnsafeMutableBufferPointer { chunks in
      labels.observations.floats(FeatureName.state).withUnsafeBufferPointer { states in
        for row in 0..<rows {
          let newest = (row * window + window - 1) * width
          representation.encode(
            UnsafeMutableBufferPointer(rebasing: chunks[row * count..<(row + 1) * count]),
            proprioception: UnsafeBufferPointer(rebasing: states[newest..<newest + width]))
        }
      }
    }
  }
}
