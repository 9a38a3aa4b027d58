// A policy that has learned: immutable weights, and the storage one worker runs it in.

import PlanarLanguage
import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// A network with fixed weights.
public struct TrainedPolicy: Policy {
  let network: PolicyNetwork
  let weights: FloatBuffer
  /// How inference reads the weights of linear layers; one byte each is faster for small batches, at a small
  /// cost in accuracy.
  public var precision = WeightPrecision.float32
  /// How chunks continue the previous one, where a request tells of it.
  public var inpainting = Inpainting()

  init(network: PolicyNetwork, weights: FloatBuffer) {
    self.network = network
    self.weights = weights
  }

  /// The same weights in a network of another configuration.
  private func changing(_ configuration: PolicyConfiguration) throws -> TrainedPolicy {
    var policy = TrainedPolicy(network: try PolicyNetwork(configuration), weights: weights)
    policy.precision = precision
    policy.inpainting = inpainting
    return policy
  }

  /// All that the network was made by.
  public var configuration: PolicyConfiguration { network.configuration }
  /// The head's name.
  public var name: String { configuration.head.name }
  /// What it needs of an environment; `configuration.features` is what it was trained on.
  public var features: FeatureSet { configuration.neededFeatures }
  /// How much is observed, predicted and executed, in control steps.
  public var horizons: Horizons { configuration.horizons }
  /// How many numbers were learned.
  public var parameterCount: Int { network.layout.parameterCount }

  /// The same weights with another number of denoising or integration steps.
  ///
  /// - Throws: `UserError` where the head has no steps or not so many.
  public func settingSteps(_ steps: Int) throws -> TrainedPolicy {
    var changed = configuration
    changed.head = HeadChoice(try configuration.head.options.settingSteps(steps))
    return try changing(changed)
  }

  /// The same weights with other provenance.
  public func addingProvenance(_ entries: [String: String]) throws -> TrainedPolicy {
    var changed = configuration
    changed.provenance.merge(entries) { $1 }
    return try changing(changed)
  }

  /// The same weights with another strength of the command's guidance; 1 is as learned.
  ///
  /// - Throws: `UserError` where the policy was never trained without a command.
  public func settingGuidanceScale(_ scale: Float) throws -> TrainedPolicy {
    var changed = configuration
    changed.guidanceScale = scale
    return try changing(changed)
  }

  /// The same with another head's options, such as another sampler, over the same weights.
  ///
  /// - Throws: `UserError` where they make another network.
  public func settingHead(_ options: any HeadOptions) throws -> TrainedPolicy {
    var changed = configuration
    changed.head = HeadChoice(options)
    let policy = try changing(changed)
    guard policy.network.layout.bufferCount == network.layout.bufferCount else {
      throw UserError("these options of '\(policy.name)' need other weights than the checkpoint has")
    }
    return policy
  }

  /// Whether the head starts from noise, and so can continue chunks.
  public var continuesChunks: Bool {
    network.head.makeSampler(samplerSetting(batch: 1, tape: Tape(recording: false)))
      is any NoiseSampler
  }

  /// The text encoder reads so many sub-words, and no more.
  public func cutOff(of command: String) -> String? {
    network.text.cutOff(of: command)
  }

  /// The words of a command that the text encoder has never met.
  public func unknownWords(in command: String) -> [String] {
    guard case .learned(let settings) = configuration.text else { return [] }
    return settings.vocabulary.unknownWords(in: command)
  }

  func samplerSetting(batch: Int, tape: Tape) -> SamplerSetting {
    SamplerSetting(
      batch: batch, tape: tape, guidanceScale: configuration.guidanceScale, inpainting: inpainting,
      weights: weights)
  }

  /// Inference for at most `batch` observations at a time.
  public func makeInference(batch: Int) -> any PolicyInference {
    ChunkInference(self, batch: batch)
  }

  /// Inference for at most `batch` observations at a time.
  public func makeInference(batch: Int, in offered: FeatureSet) -> any PolicyInference {
    ChunkInference(self, batch: batch, offered: offered)
  }
}

/// Runs a trained policy on batches of one size.
final class ChunkInference: PolicyInference {
  let batch: Int
  let policy: TrainedPolicy
  private let tape = Tape(recording: false)
  private let sampler: any ChunkSampler
  /// Text tokens `[tokens · width]` of every command met so far.
  private var texts: [String: [Float]] = [:]
  var observations: ObservationBatch
  private var chunks: [Float]
  /// Where each number of an observed proprioception belongs, where the policy may know of more joints than its robot has.
  private let stateIndices: [Int]?
  /// How the network sees actions, for the proprioception that is observed.
  private let representation: ActionRepresentation?

  init(_ policy: TrainedPolicy, batch: Int, offered: FeatureSet? = nil) {
    precondition(batch > 0, "a batch needs rows, not \(batch)")
    let (features, horizons) = (policy.features, policy.horizons)
    self.policy = policy
    self.batch = batch
    sampler = policy.network.head.makeSampler(policy.samplerSetting(batch: batch, tape: tape))
    let observation = policy.configuration.trunk.observation
    observations = ObservationBatch(
      rows: batch, features: features, window: horizons.observation, pictures: observation.pictures)
    let stateIndices = offered.map { features.proprioception.indices(of: $0.proprioception) }
    self.stateIndices = stateIndices
    representation = policy.configuration.representation.map { known in
      stateIndices.map { known.reading($0) } ?? known
    }
    if !observation.robots.isEmpty {
      let robot = offered?.robots.first.flatMap { observation.robots.firstIndex(of: $0) } ?? 0
      observations.robots = .init(repeating: Int32(robot), count: batch)
    }
    chunks = .init(repeating: 0, count: batch * horizons.prediction * features.action.count)
  }

  /// A chunk of a network whose numbers are none, or impossible ones, is none either: clamping would hide it.
  func predict(_ requests: inout [PolicyRequest]) -> [ActionChunk] {
    precondition(
      requests.count <= batch, "\(requests.count) requests do not fit a batch of \(batch)")
    let (features, horizons) = (policy.features, policy.horizons)
    tape.begin(weights: policy.weights, precision: policy.precision)
    for i in requests.indices { copyObservations(requests[i].history, row: i) }
    let context = context(of: textTokens(requests))
    // Guidance compares with what would be done without a command.
    let unconditional =
      policy.configuration.guidanceScale == 1 ? nil : self.context(of: textOfNoCommand())
    let count = chunks.count / batch
    let continuations = requests.map(\.continuation)
    if let representation {
      for i in requests.indices {
        guard let previous = requests[i].continuation?.previous else { continue }
        let state = requests[i].history.latest.proprioception
        requests[i].continuation?.previous = representation.encoded(previous, proprioception: state)
      }
    }
    chunks.withUnsafeMutableBufferPointer {
      sampler.sample(context, unconditional: unconditional, requests: &requests, into: $0)
    }
    return requests.indices.map { row in
      requests[row].continuation = continuations[row]
      let isSound = chunks.withUnsafeBufferPointer {
        SoundAnswers.areSound(UnsafeBufferPointer(rebasing: $0[row * count..<(row + 1) * count]))
      }
      guard isSound else {
        return ActionChunk(
          horizon: horizons.prediction, dimension: features.action.count, values: [Float](repeating: .nan, count: count)
        )
      }
      return answer(chunks[row * count..<(row + 1) * count], to: requests[row])
    }
  }

  /// What `predict` answers, after all that the decoder is asked about on the way.
  func denoise(_ request: inout PolicyRequest) -> [ActionChunk] {
    var samples: [[Float]] = []
    let count = chunks.count / batch
    let denoiser = (sampler as? any NoiseSampler)?.denoiser
    denoiser?.watcher = { samples.append(Array($0.prefix(count))) }
    defer { denoiser?.watcher = nil }
    var requests = [request]
    let chunk = predict(&requests)[0]
    request = requests[0]
    return samples.map { answer($0[...], to: request) } + [chunk]
  }

  /// The actions that the network's numbers stand for, each within [−1, 1].
  private func answer(_ values: ArraySlice<Float>, to request: PolicyRequest) -> ActionChunk {
    let chunk = ActionChunk(
      horizon: policy.horizons.prediction, dimension: policy.features.action.count,
      values: values.map { max(-1, min(1, $0)) })
    return representation?.decoded(chunk, proprioception: request.history.latest.proprioception) ?? chunk
  }

  private func context(of text: Tensor) -> Tensor {
    observations.withRows(0..<batch) { policy.network.trunk.context($0, text: text, on: tape) }
  }

  func copyObservations(_ history: ObservationHistory, row: Int) {
    let steps = policy.horizons.observation
    precondition(
      history.observations.count == steps,
      "the policy looks at \(steps) observations, not \(history.observations.count)")
    for (step, observation) in history.observations.enumerated() {
      observations.set(observation, row: row, step: step, stateIndices: stateIndices)
    }
  }

  /// `[batch, tokens, width]`; rows without a request hold zeros.
  private func textTokens(_ requests: [PolicyRequest]) -> Tensor {
    let encoder = policy.network.text
    for request in requests {
      let command = request.history.latest.command
      guard texts[command] == nil else { continue }
      let input = encoder.input(for: command)
      let mark = tape.mark
      let tokens = input.withUnsafeBufferPointer { encoder.encode($0, rows: 1, on: tape) }
      // A session may type any number of commands; what is kept stays small.
      if texts.count >= 4096 { texts.removeAll() }
      texts[command] = tape.array(tokens)
      tape.release(to: mark)
    }
    let width = policy.configuration.trunk.width
    let count = encoder.tokens * width
    return tape.input(Shape(batch, encoder.tokens, width)) { target in
      for row in 0..<batch {
        let known = row < requests.count ? texts[requests[row].history.latest.command] : nil
        for i in 0..<count { target[row * count + i] = known?[i] ?? 0 }
      }
    }
  }

  /// The text tokens of no command, for every row.
  private func textOfNoCommand() -> Tensor {
    let encoder = policy.network.text
    let none = encoder.noCommand
    let inputs = (0..<batch).flatMap { _ in none }
    return inputs.withUnsafeBufferPointer { encoder.encode($0, rows: batch, on: tape) }
  }
}
