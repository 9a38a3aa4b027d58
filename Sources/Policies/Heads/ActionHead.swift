// What a policy family adds to the shared trunk.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// The options of one family, as config.json keeps them.
public protocol HeadOptions: Defaulted, Hashable, Sendable {
  /// The family's name, such as `flow`.
  static var name: String { get }
  /// Whether the family learns from another policy's chunks, and so needs a teacher; false by default.
  static var needsTeacher: Bool { get }
  /// - Throws: `UserError` naming the option at fault.
  func validate() throws
  /// Denoising or integration steps at inference that can be set; nil, as by default, where there are none.
  var denoisingSteps: Int? { get }
  /// The same with another number of denoising or integration steps at inference.
  ///
  /// - Throws: `UserError` where the family has no steps or not so many.
  func settingSteps(_ steps: Int) throws -> Self
  /// The same with its denoising steps spread otherwise; by default refused.
  ///
  /// - Throws: `UserError` where the family has no noise levels to spread steps over.
  func settingTimestepSpacing(_ spacing: TimestepSpacing) throws -> Self
  /// The longest inference delay, in control steps, that training prepares for: so many steps of a training chunk may
  /// be its prefix. 0 for none.
  var largestDelay: Int { get }
  /// The options fitted to training chunks, `[count, horizon · action]`: where a tokenizer learns its vocabulary.
  func fitted(to chunks: [Float], horizon: Int, action: Int) throws -> Self
  /// Registers the head's parameters.
  ///
  /// - Throws: `UserError` where the options do not go with the setting.
  func makeHead(_ layout: inout ParameterLayout, _ setting: HeadSetting) throws -> any ActionHead
}

extension HeadOptions {
  /// Whether it learns from a teacher.
  public static var needsTeacher: Bool { false }
  /// There is no noise to begin with.
  public var denoisingSteps: Int? { nil }
  /// Trained for no delay.
  public var largestDelay: Int { 0 }

  /// There are no noise levels to spread steps over.
  public func settingTimestepSpacing(_ spacing: TimestepSpacing) throws -> Self {
    throw UserError(
      "a \(Self.name) policy has no noise levels to spread steps over: --timestep-spacing is for diffusion")
  }

  /// Nothing is learned before training.
  public func fitted(to chunks: [Float], horizon: Int, action: Int) throws -> Self { self }
}

/// What a head is built for.
public struct HeadSetting: Sendable {
  /// Steps of a chunk (Tp).
  public let horizon: Int
  /// Numbers of one action.
  public let action: Int
  /// The context is `[rows, contextTokens, contextWidth]`.
  public let contextTokens: Int
  /// Numbers of one of the context's tokens.
  public let contextWidth: Int
  /// The network that heads run once or several times on a context.
  public let decoder: ActionDecoderConfiguration
  /// Numbers of a chunk.
  public var chunkCount: Int { horizon * action }

  /// The setting of a head for a trunk's context and an environment's actions.
  public init(
    horizon: Int, action: Int, contextTokens: Int, contextWidth: Int, decoder: ActionDecoderConfiguration
  ) {
    self.horizon = horizon
    self.action = action
    self.contextTokens = contextTokens
    self.contextWidth = contextWidth
    self.decoder = decoder
  }
}

/// Some rows of a training batch, as a head sees them.
public struct HeadExample {
  /// `[rows, context tokens, context width]`.
  public let context: Tensor
  /// The expert's chunks, `[rows, horizon · action]`, each number in [−1, 1].
  public let chunks: UnsafeBufferPointer<Float>
  /// How many rows of the batch these are.
  public let rows: Int
  /// How many numbers the whole batch's chunks hold: losses are means over these.
  public let count: Int
  /// `[rows]`: how many steps of a chunk are its prefix, where the head is trained for delays; nil for none.
  public let prefixLengths: UnsafeBufferPointer<Int32>?
  /// What the teacher makes of noise, where a policy is distilled.
  public let teacher: ChunkTeacher?

  /// - Parameters: as the properties of the same names.
  public init(
    context: Tensor, chunks: UnsafeBufferPointer<Float>, rows: Int, count: Int,
    prefixLengths: UnsafeBufferPointer<Int32>? = nil, teacher: ChunkTeacher? = nil
  ) {
    self.context = context
    self.chunks = chunks
    self.rows = rows
    self.count = count
    self.prefixLengths = prefixLengths
    self.teacher = teacher
  }
}

/// Turns noise `[rows, horizon · action]` into a teacher's chunks, in place.
public typealias ChunkTeacher = (UnsafeMutableBufferPointer<Float>) -> Void

/// How chunks are learned and made.
public protocol ActionHead: Sendable {
  /// Records the loss of some rows.
  ///
  /// - Returns: The rows' part of the batch's loss.
  func loss(_ example: HeadExample, on tape: Tape, noise: inout RandomStream) -> Float
  /// Makes the working storage of one worker, for batches of exactly `batch` rows, on its tape.
  func makeSampler(_ setting: SamplerSetting) -> any ChunkSampler
}

/// What a sampler is made for.
public struct SamplerSetting {
  /// Rows of every batch.
  public let batch: Int
  /// The worker's tape; it does not record.
  public let tape: Tape
  /// How strongly the command guides: 1 for as learned.
  public let guidanceScale: Float
  /// How a chunk continues the previous one.
  public let inpainting: Inpainting
  /// The policy's weights, for tapes of the sampler's own.
  public let weights: FloatBuffer

  /// - Parameters: as the properties of the same names.
  public init(
    batch: Int, tape: Tape, guidanceScale: Float = 1, inpainting: Inpainting = Inpainting(),
    weights: FloatBuffer
  ) {
    self.batch = batch
    self.tape = tape
    self.guidanceScale = guidanceScale
    self.inpainting = inpainting
    self.weights = weights
  }
}

/// One worker's way from contexts to chunks.
public protocol ChunkSampler: AnyObject {
  /// Fills `chunks`, `[batch, horizon · action]`.
  ///
  /// - Parameters:
  ///   - context: `[batch, context tokens, context width]`, on the sampler's tape.
  ///   - unconditional: the same without the command, where guidance asks for it.
  ///   - requests: row i draws from the noise of request i only; rows beyond are padding.
  func sample(
    _ context: Tensor, unconditional: Tensor?, requests: inout [PolicyRequest],
    into chunks: UnsafeMutableBufferPointer<Float>)
}

/// A family by name with its options, in JSON `{"name": …, "options": {…}}`.
public struct HeadChoice: Codable, Sendable {
  /// The head's options; their type is the head.
  public var options: any HeadOptions
  /// The head's name.
  public var name: String { Swift.type(of: options).name }

  /// The choice of a head with options.
  public init(_ options: any HeadOptions) { self.options = options }

  /// The names of all families.
  public static var names: [String] { headRegistry.names }

  /// A family with default options.
  ///
  /// - Throws: `UserError` that lists the families where there is none of that name.
  public init(named name: String) throws {
    options = try headRegistry.entry(named: name).options.standard
  }

  /// Whether the family learns from another policy's chunks.
  public var needsTeacher: Bool { Swift.type(of: options).needsTeacher }

  /// Whether the family's options are its defaults.
  public var isStandard: Bool {
    func isStandard<Options: HeadOptions>(_ options: Options) -> Bool { options == .standard }
    return isStandard(options)
  }

  private enum Key: CodingKey {
    case name
    case options
  }

  /// Reads it from a file of settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let type = try headRegistry.entry(named: container.decode(String.self, forKey: .name)).options
    options = try container.decode(type, forKey: .options)
  }

  /// Writes it as files have it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(options, forKey: .options)
  }
}
