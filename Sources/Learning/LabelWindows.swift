// Labelled windows as the trainer's data: shuffled in epochs, some episodes held out.

import PlanarDatasets
import PlanarCore
import PlanarPolicies

/// The windows of a label set, in batches.
public final class LabelWindows: TrainingSource {
  public let validationBatches: [TrainingBatch]
  private let labels: LabelSet
  /// What the network reads of each of the set's commands.
  private let commands: [[Float]]
  private let seed: UInt64
  private var sampler: EpochSampler
  private var indices: [Int] = []
  private var commandIndices: [Int32]

  /// Held-out windows looked at in a validation.
  private static let mostValidationLabels = 1_024

  /// - Parameters:
  ///   - labels: some of their episodes are held out for validation.
  ///   - policy: whose windows, pictures and delays they must have.
  /// - Throws: `UserError` where they do not, or no label is left to train on.
  public init(_ labels: LabelSet, for policy: TrainablePolicy, _ configuration: TrainingConfiguration) throws {
    let pictures = policy.configuration.trunk.observation.pixels?.frames ?? 0
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
    let labels = labels.seen(by: policy.configuration.relativeActions)
    self.labels = labels
    seed = configuration.seed
    let split = labels.split(
      validationFraction: configuration.validationFraction, seed: configuration.seed)
    sampler = try EpochSampler(
      indices: split.training, batchSize: configuration.batchSize, seed: configuration.seed)
    let commands = labels.commands.map { policy.input(for: $0) }
    self.commands = commands
    commandIndices = Array(repeating: 0, count: configuration.batchSize)

    // Held-out labels spread evenly, in batches of the training size, a last partial one left out.
    let stride = max(1, split.validation.count / LabelWindows.mostValidationLabels)
    let kept = split.validation.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
    let size = min(configuration.batchSize, kept.count)
    validationBatches =
      kept.isEmpty
      ? []
      : (0..<kept.count / size).map { part in
        var batch = TrainingBatch(rows: size, policy: policy)
        var commandIndices = [Int32](repeating: 0, count: size)
        var stream = RandomStream(seed: configuration.seed &+ UInt64(part), purpose: "validation delays")
        batch.drawDelays(upTo: labels.largestDelay, &stream)
        batch.fill(
          with: Array(kept[part * size..<(part + 1) * size]), of: labels, commands: commands,
          commandIndices: &commandIndices)
        return batch
      }
  }

  public func fill(_ batch: inout TrainingBatch, step: Int) {
    sampler.step = step
    sampler.next(into: &indices)
    if labels.largestDelay > 0 {
      var stream = RandomStream(seed: seed &+ UInt64(step), purpose: "delays")
      batch.drawDelays(upTo: labels.largestDelay, &stream)
    }
    batch.fill(with: indices, of: labels, commands: commands, commandIndices: &commandIndices)
  }

  public func epochs(before step: Int) -> Double {
    Double(step * sampler.batchSize) / Double(sampler.indices.count)
  }
}

extension TrainingBatch {
  /// Draws how late each row's answer is to come: half of them as late as can be, which is the hardest to learn, the
  /// others as often at once as at each other number of steps.
  mutating func drawDelays(upTo largest: Int, _ stream: inout RandomStream) {
    for row in given.indices {
      given[row] = Int32(stream.uniform() < 0.5 ? largest : stream.integer(below: largest + 1))
    }
  }

  /// Copies labels and what the network reads of their commands into the batch.
  ///
  /// - Parameters:
  ///   - commands: what the network reads of each of the set's commands.
  ///   - commandIndices: room for one number per row.
  mutating func fill(
    with indices: [Int], of labels: LabelSet, commands: [[Float]], commandIndices: inout [Int32]
  ) {
    observations.withMutableBuffers { proprioception, objects, touch, images, robots in
      chunks.withUnsafeMutableBufferPointer { chunks in
        commandIndices.withUnsafeMutableBufferPointer { commandIndices in
          given.withUnsafeMutableBufferPointer { given in
            labels.fill(
              indices, proprioception: proprioception, objects: objects, chunks: chunks,
              commandIndices: commandIndices, touch: touch, images: images, robots: robots,
              delays: labels.largestDelay > 0 ? given : nil)
          }
        }
      }
    }
    var place = 0
    for command in commandIndices {
      for number in commands[Int(command)] {
        self.commands[place] = number
        place += 1
      }
    }
  }
}
