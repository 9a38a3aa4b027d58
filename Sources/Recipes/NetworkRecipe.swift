// The networks of a recipe's policy, and the policy that they make with its data.

import PlanarArmEnvironments
import PlanarDatasets
import Foundation
import PlanarLanguage
import PlanarLearning
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface

/// The networks around the head. `size` sets the defaults of all.
public struct NetworkRecipe: Codable, KeyRenaming, Equatable, Sendable {
  /// `expert` is read as the action decoder.
  public static var renamedKeys: [String: String] { ["expert": "decoder"] }

  /// What all sizes follow from unless they are given.
  public var size: PolicySize
  /// The sizes of the trunk.
  public var trunk: ContextTrunk.Configuration
  /// The network that heads run on a context: `kind` is mlp, transformer or unet.
  public var decoder: ActionDecoderConfiguration
  /// How commands are read.
  public var text: TextRecipe
  /// What the policy looks at besides proprioception and the command. The robots stand in the recipe's own key.
  public var observation = ObservationConfiguration()
  /// How often training hides the command, for guidance.
  public var commandDropout: Float = 0
  /// How strongly the command guides at inference; 1 is as learned.
  public var guidanceScale: Float = 1
  /// How the network sees actions: `delta`, `relative` or `absolute`; nil: relative where the action space is of
  /// targets, delta where it is of moves.
  public var representation: ActionRepresentation.Kind?

  /// The defaults of a size.
  public init(size: PolicySize) {
    self.size = size
    trunk = size.trunk
    decoder = size.decoder
    text = TextRecipe(size: size)
  }

  /// Another size; what was chosen of the networks themselves goes.
  public mutating func setSize(_ size: PolicySize) {
    let old = self
    self = NetworkRecipe(size: size)
    text = TextRecipe(size: size, encoder: old.text.encoder)
    observation = old.observation
    if old.decoder.kind != decoder.kind { decoder = ActionDecoderConfiguration(old.decoder.kind) }
    representation = old.representation
    commandDropout = old.commandDropout
    guidanceScale = old.guidanceScale
  }

  /// Puts everything but text and observation into a policy's configuration.
  func apply(to configuration: inout PolicyConfiguration) {
    let observation = configuration.trunk.observation
    configuration.trunk = trunk
    configuration.trunk.observation = observation
    configuration.decoder = decoder
    configuration.commandDropout = commandDropout
    configuration.guidanceScale = guidanceScale
  }
}

/// What reads commands.
public struct TextRecipe: Codable, Equatable, Sendable {
  /// The kinds of text encoder.
  public enum Encoder: String, Codable, CaseIterable, Sendable {
    /// Sub-words of our own and a small transformer, learned from the data.
    case learned
    /// The frozen encoder all-MiniLM-L6-v2 and a small network that learns.
    case minilm
  }

  /// The kind of text encoder.
  public var encoder: Encoder
  /// Text tokens that the trunk gets.
  public var tokens = 4
  /// Features of a text token.
  public var width: Int
  /// Attention heads; they divide the width.
  public var heads: Int
  /// Pieces of a command beyond which it is cut off; nil for what suits the encoder and the data.
  public var maximumPieces: Int?
  /// How often training hides a word or a piece of one.
  public var dropout: Double
  /// Of the learned encoder: how often training puts a word that means nothing before another.
  public var strayWords = 0.3
  /// Of the learned encoder: sub-words at most.
  public var vocabularyLimit = 320
  /// Of the learned encoder: transformer layers.
  public var layers = 1

  /// The defaults of a size and a kind of encoder.
  public init(size: PolicySize, encoder: Encoder = .learned) {
    let usual = MiniLMTextSettings()
    self.encoder = encoder
    (width, heads) = encoder == .learned ? size.text : (usual.width, usual.heads)
    dropout = encoder == .learned ? 0.05 : usual.pieceDropout
  }

  /// - Parameter commands: of the data, from which sub-words are learned.
  func configuration(commands: [String]) -> CommandEncoder.Configuration {
    switch encoder {
    case .learned:
      var settings = LearnedTextSettings(
        commands: commands, vocabularyLimit: vocabularyLimit, width: width, heads: heads, layers: layers,
        tokens: tokens, wordDropout: dropout, strayWords: strayWords)
      if let maximumPieces { settings.maximumPieces = maximumPieces }
      return .learned(settings)
    case .minilm:
      var settings = MiniLMTextSettings(width: width, heads: heads, tokens: tokens, pieceDropout: dropout)
      if let maximumPieces { settings.maximumPieces = maximumPieces }
      return .miniLM(settings)
    }
  }
}

extension NetworkRecipe: Limited {
  /// Those of numbers that stand in no section.
  public static var limits: [NumberLimit<NetworkRecipe>] {
    [
      NumberLimit("commandDropout", 0..<1) { $0.commandDropout },
      NumberLimit("guidanceScale", 0...1_000) { $0.guidanceScale },
    ]
  }
}

extension TextRecipe: Limited {
  /// Every number's; a vocabulary has room for padding, the unknown, the mark of words and a character.
  public static var limits: [NumberLimit<TextRecipe>] {
    [
      NumberLimit("tokens", 1...64) { $0.tokens }, NumberLimit("width", 8...4_096) { $0.width },
      NumberLimit("heads", 1...4_096) { $0.heads }, NumberLimit("maximumPieces", 1...256) { $0.maximumPieces },
      NumberLimit("dropout", 0..<1) { $0.dropout }, NumberLimit("strayWords", 0..<1) { $0.strayWords },
      NumberLimit("vocabularyLimit", 4...65_536) { $0.vocabularyLimit },
      NumberLimit("layers", 1...16) { $0.layers },
    ]
  }
}

extension Recipe {
  /// What the policy looks at, its robots among it.
  var observation: ObservationConfiguration {
    var observation = policy.observation
    observation.robots = robots.count > 1 ? robots : []
    return observation
  }

  /// Room for the windows that the policy is trained on.
  ///
  /// - Parameter offered: what the episodes hold.
  /// - Throws: `UserError` where they lack what is looked at.
  func emptyLabels(of offered: FeatureSet) throws -> LabelSet {
    let frames = policy.observation.pictures
    guard frames <= horizons.observation else {
      throw UserError(
        "policy.observation.pixels.frames is \(frames), but only horizons.observation = \(horizons.observation) observations are looked at"
      )
    }
    let delay = head.options.largestDelay
    guard (0..<horizons.prediction).contains(delay) else {
      throw UserError(
        "the head's largest_delay is \(delay), but a chunk has \(horizons.prediction) steps; let it be less than horizons.prediction"
      )
    }
    return LabelSet(
      features: try observation.features(trainedFrom: offered), horizons: horizons, pictures: frames,
      largestDelay: delay)
  }

  /// Labels without windows, such as the data will fill.
  ///
  /// - Throws: `UserError` where an environment, a robot or a dataset is not there, or lacks what is looked at.
  func emptyLabels() throws -> LabelSet {
    guard data.driver == nil else { return try emptyLabels(of: FeatureSet.joining(worlds().map(\.features))) }
    let store = try EpisodeStore(reading: URL(fileURLWithPath: data.source, isDirectory: true))
    return try emptyLabels(of: store.info.features)
  }

  /// The policy that this one learns from or whose trunk it takes; nil where there is none.
  ///
  /// - Throws: `UserError` where there is no such checkpoint.
  func loadSource() throws -> TrainedPolicy? {
    guard let name = teacher ?? trunkFrom else { return nil }
    if let folder = Checkpoint.folder(of: name) { return try Checkpoint.load(folder) }
    throw UserError(
      "there is no checkpoint '\(name)' to learn from; train it first, and give its folder as the recipe's \(teacher == nil ? "trunk_from" : "teacher")"
    )
  }

  /// Refuses networks that fit neither each other nor the data, before the data is made.
  ///
  /// - Parameter source: the policy that this one learns from or whose trunk it takes.
  /// - Throws: `UserError` naming the key at fault.
  func validateNetworks(source: TrainedPolicy?) throws {
    let labels = try emptyLabels()
    if let source { try requireFit(of: source, to: labels) }
    guard teacher == nil else { return }
    // Sub-words come with the data; whatever they are, all else must hold.
    var configuration = PolicyConfiguration(
      head: head.options, features: labels.features, horizons: horizons, size: policy.size, observation: observation,
      text: policy.text.configuration(commands: []), normalization: .identity(labels.features),
      environment: environment, seed: training.seed)
    policy.apply(to: &configuration)
    if let source { configuration.takeTrunk(of: source.configuration) }
    try configuration.validate()
  }

  /// - Throws: `UserError` where a policy observes and acts otherwise than the data.
  private func requireFit(of source: TrainedPolicy, to labels: LabelSet) throws {
    let isTeacher = teacher != nil
    guard
      isTeacher
        ? source.horizons == labels.horizons
        : source.horizons.observation == labels.horizons.observation,
      isTeacher
        ? source.configuration.features.hasLayout(of: labels.features)
        : source.configuration.features.observesLayout(of: labels.features)
    else {
      throw UserError(
        "\(isTeacher ? "the teacher" : "trunk_from") '\(teacher ?? trunkFrom ?? "")' has other features or horizons than the recipe's data; give the data and horizons of its own recipe"
      )
    }
  }

  /// The untrained policy.
  ///
  /// - Throws: `UserError` where the networks do not fit the data, or each other.
  func makePolicy(for data: RecipeData, source: TrainedPolicy?) throws -> TrainablePolicy {
    if let source {
      try requireFit(of: source, to: data.labels)
      if teacher != nil {
        return try TrainablePolicy(
          distilling: source, as: head, settings: data.settings, provenance: data.provenance)
      }
    }
    let student = try PlanarLearning.makePolicy(
      head: head, size: policy.size, observation: observation, for: data.labels, environment: data.environment,
      seed: training.seed,
      text: policy.text.configuration(commands: data.labels.commands), representation: policy.representation
    ) {
      policy.apply(to: &$0)
      $0.environmentSettings = data.settings
      if let source { $0.takeTrunk(of: source.configuration) }
    }
    if let source { student.takeTrunk(of: source) }
    try student.validateTeacher()
    return student
  }
}
