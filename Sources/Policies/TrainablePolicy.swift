// A policy while it learns.

import PlanarLanguage
import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// Weights and a loss; the training loop belongs to `Learning`.
///
/// ```swift
/// let policy = try TrainablePolicy(configuration)
/// let optimizer = AdamW(layout: policy.parameters.layout)
/// let average = WeightAverage(of: policy.parameters.values)
/// let sharded = ShardedGradient(count: policy.parameters.layout.bufferCount, threads: 2)
/// for step in 0..<steps {
///   // … fill `batch` …
///   let loss = sharded.compute(
///     batch: batch.rows, weights: policy.parameters.values, noise: seed &+ UInt64(step)
///   ) { rows, tape, noise in policy.loss(batch, rows: rows, on: tape, noise: &noise) }
///   optimizer.step(weights: policy.parameters.values, gradient: sharded.gradient)
///   average.update(with: policy.parameters.values)
/// }
/// let trained = policy.policy(weights: average.values)
/// ```
public final class TrainablePolicy: Sendable {
  /// The present weights.
  public let parameters: ParameterStore
  let network: PolicyNetwork
  /// Whose chunks are learned, where the head distils.
  let teacher: TrainedPolicy?

  /// All that the network is made by.
  public var configuration: PolicyConfiguration { network.configuration }

  /// What the text encoder will not read of a command, as the end of a sentence that begins with the command; nil where
  /// it reads all.
  public func cutOff(of command: String) -> String? { network.text.cutOff(of: command) }

  /// New weights, drawn from `configuration.seed`.
  ///
  /// - Throws: `UserError` where the configuration is not valid.
  public init(_ configuration: PolicyConfiguration) throws {
    network = try PolicyNetwork(configuration)
    parameters = ParameterStore(layout: network.layout, seed: configuration.seed)
    teacher = nil
  }

  /// Starts from a trained policy's weights.
  public init(_ policy: TrainedPolicy) {
    network = policy.network
    parameters = ParameterStore(layout: network.layout, values: policy.weights.duplicate())
    teacher = nil
  }

  /// A student that looks at commands and observations with the teacher's weights. A head whose network is the teacher's
  /// starts from its weights too; one with a network of its own starts from new ones.
  ///
  /// - Parameters:
  ///   - head: a family that learns from a teacher.
  ///   - settings: how the environment of its data was loaded; nil for the teacher's.
  /// - Throws: `UserError` where the teacher does not sample from noise, or is trained for delays.
  public init(
    distilling teacher: TrainedPolicy, as head: HeadChoice,
    settings: EnvironmentSettings? = nil, provenance: [String: String] = [:]
  ) throws {
    guard
      teacher.network.head.makeSampler(teacher.samplerSetting(batch: 1, tape: Tape(recording: false)))
        is any NoiseSampler
    else {
      throw UserError("a '\(teacher.name)' policy does not start from noise; distil a flow policy")
    }
    guard teacher.configuration.head.options.largestDelay == 0 else {
      throw UserError("a policy trained for inference delays cannot be distilled; train it with largest_delay 0")
    }
    var configuration = teacher.configuration
    configuration.head = head
    configuration.environmentSettings = settings ?? configuration.environmentSettings
    configuration.provenance = provenance
    network = try PolicyNetwork(configuration)
    let hasTeachersNetwork = network.layout.parameters == teacher.network.layout.parameters
    parameters =
      hasTeachersNetwork
      ? ParameterStore(layout: network.layout, values: teacher.weights.duplicate())
      : ParameterStore(layout: network.layout, seed: configuration.seed)
    self.teacher = teacher
    if !hasTeachersNetwork { takeTrunk(of: teacher) }
  }

  /// Checks that the policy can be trained.
  ///
  /// - Throws: `UserError` where the head learns from a teacher and has none.
  public func validateTeacher() throws {
    guard teacher != nil || !configuration.head.needsTeacher else {
      throw UserError(
        "a \(configuration.head.name) policy learns from a teacher; name the checkpoint of a flow policy as its teacher"
      )
    }
  }

  /// How many numbers the network reads of a command.
  public var commandInputCount: Int { network.text.inputCount }

  /// What the network reads of a command; not for every step: keep it with the command.
  public func input(for command: String) -> [Float] { network.text.input(for: command) }

  /// Records the loss of some rows on a tape that was begun with these weights.
  ///
  /// - Returns: The rows' part of the mean over the whole batch: parts, and gradients, add up.
  public func loss(
    _ batch: TrainingBatch, rows: Range<Int>, on tape: Tape, noise: inout RandomStream
  ) -> Float {
    precondition(
      batch.chunks.count == batch.rows * chunkCount && rows.lowerBound >= 0
        && rows.upperBound <= batch.rows, "the batch was made for another configuration")
    let (first, count) = (rows.lowerBound, rows.count)
    let commands = commandInputs(batch, rows: rows, &noise)
    // What is only measured is shown as it is.
    var training =
      tape.isRecording ? ContextTrunk.Training(count: batch.rows, noise: noise) : nil
    let context = context(
      batch, rows: rows, commands: commands, network: network, training: &training, on: tape)
    if let training { noise = training.noise }
    let headLoss = batch.chunks.withUnsafeBufferPointer { chunks in
      batch.prefixLengths.withUnsafeBufferPointer { prefixLengths in
        network.head.loss(
          HeadExample(
            context: context,
            chunks: UnsafeBufferPointer(
              rebasing: chunks[first * chunkCount..<rows.upperBound * chunkCount]),
            rows: count, count: batch.chunks.count,
            prefixLengths: UnsafeBufferPointer(rebasing: prefixLengths[rows]),
            teacher: teacher.map { chunkTeacher($0, batch, rows: rows, commands: commands) }),
          on: tape, noise: &noise)
      }
    }
    return headLoss + (training?.loss ?? 0)
  }

  private var chunkCount: Int {
    configuration.horizons.prediction * configuration.features.action.count
  }

  /// The commands of some rows as they are shown in training: augmented, and now and then hidden.
  private func commandInputs(
    _ batch: TrainingBatch, rows: Range<Int>, _ noise: inout RandomStream
  ) -> [Float] {
    let width = commandInputCount
    var inputs = Array(batch.commands[rows.lowerBound * width..<rows.upperBound * width])
    let none = network.text.noCommand
    inputs.withUnsafeMutableBufferPointer { inputs in
      for row in 0..<rows.count {
        let input = UnsafeMutableBufferPointer(rebasing: inputs[row * width..<(row + 1) * width])
        network.text.augment(input, using: &noise)
        if configuration.commandDropout > 0, noise.uniform() < Double(configuration.commandDropout) {
          for i in 0..<width { input[i] = none[i] }
        }
      }
    }
    return inputs
  }

  private func context(
    _ batch: TrainingBatch, rows: Range<Int>, commands: [Float], network: PolicyNetwork,
    training: inout ContextTrunk.Training?, on tape: Tape
  ) -> Tensor {
    let text = commands.withUnsafeBufferPointer {
      network.text.encode($0, rows: rows.count, on: tape)
    }
    return batch.observations.withRows(rows) {
      network.trunk.context($0, text: text, training: &training, on: tape)
    }
  }

  /// The teacher under the same rows' contexts.
  private func chunkTeacher(
    _ teacher: TrainedPolicy, _ batch: TrainingBatch, rows: Range<Int>, commands: [Float]
  ) -> ChunkTeacher {
    { chunks in
      let tape = Tape(recording: false)
      tape.begin(weights: teacher.weights)
      var training: ContextTrunk.Training?
      let context = self.context(
        batch, rows: rows, commands: commands, network: teacher.network, training: &training, on: tape)
      let setting = teacher.samplerSetting(batch: rows.count, tape: tape)
      guard let sampler = teacher.network.head.makeSampler(setting) as? any NoiseSampler else {
        preconditionFailure("a teacher starts from noise")
      }
      var requests: [PolicyRequest] = []
      sampler.denoiser.begin(context: context, unconditional: nil, requests: requests)
      sampler.denoise(chunks, requests: &requests)
    }
  }

  /// A policy with a copy of the given weights, such as a moving average.
  public func policy(weights: FloatBuffer) -> TrainedPolicy {
    TrainedPolicy(network: network, weights: weights.duplicate())
  }
}
