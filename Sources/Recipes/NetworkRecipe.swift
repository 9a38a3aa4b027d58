// The networks of a recipe's policy, and the policy that they make with its data.

import ArmEnvironments
import Datasets
import Foundation
import Language
import Learning
import PlanarCore
import Policies
import PolicyInterface

/// The networks around the head. `size` sets the defaults of all.
public struct NetworkRecipe: Codable, Equatable, Sendable {
  public var size: PolicySize
  public var trunk: ContextTrunk.Configuration
  /// The network that heads run on a context: `kind` is mlp, transformer or unet.
  public var expert: ActionExpertConfiguration
  public var text: TextRecipe
  /// How often training hides the command, for guidance.
  public var commandDropout: Float = 0
  /// How strongly the command guides at inference; 1 is as learned.
  public var guidanceScale: Float = 1

  public init(size: PolicySize) {
    self.size = size
    trunk = size.trunk
    expert = size.expert
    text = TextRecipe(size: size)
  }

  /// Another size; what was chosen of the networks themselves goes.
  public mutating func setSize(_ size: PolicySize) {
    let old = self
    self = NetworkRecipe(size: size)
    text.encoder = old.text.encoder
    if old.expert.kind != expert.kind { expert = ActionExpertConfiguration(old.expert.kind) }
    commandDropout = old.commandDropout
    guidanceScale = old.guidanceScale
  }

  /// An empty set of what the policy is trained on, of data with these features.
  ///
  /// - Throws: `UserError` where the data lacks what the policy looks at.
  func labels(of features: FeatureSet, horizons: Horizons, head: any HeadOptions) throws -> LabelSet {
    LabelSet(
      features: try trunk.observation.features(trainedFrom: features), horizons: horizons,
      pictures: trunk.observation.pixels?.frames, largestDelay: head.largestDelay)
  }

  /// Puts everything but the text into a policy's configuration.
  func apply(to configuration: inout PolicyConfiguration) {
    configuration.trunk = trunk
    configuration.expert = expert
    configuration.commandDropout = commandDropout
    configuration.guidanceScale = guidanceScale
  }
}

/// What reads commands.
public struct TextRecipe: Codable, Equatable, Sendable {
  public enum Encoder: String, Codable, CaseIterable, Sendable {
    /// Sub-words of our own and a small transformer, learned from the data.
    case learned
    /// The frozen sentence encoder all-MiniLM-L6-v2 and a small network that learns.
    case minilm
  }

  public var encoder = Encoder.learned
  /// Text tokens that the trunk gets.
  public var tokens = 4
  // Of the learned encoder.
  public var vocabularyLimit = 512
  public var width: Int
  public var heads: Int
  public var layers = 1
  /// How often training hides a word.
  public var wordDropout = 0.1

  public init(size: PolicySize) { (width, heads) = size.text }

  /// - Parameter commands: of the data, from which sub-words are learned.
  func configuration(commands: [String]) -> CommandEncoder.Configuration {
    switch encoder {
    case .learned:
      .learned(
        LearnedTextSettings(
          commands: commands, vocabularyLimit: vocabularyLimit, width: width, heads: heads, layers: layers,
          tokens: tokens, wordDropout: wordDropout))
    case .minilm: .miniLM(MiniLMTextSettings(tokens: tokens, pieceDropout: wordDropout))
    }
  }
}

extension Recipe {
  /// The policy that this one learns from; nil where there is none.
  ///
  /// - Throws: `UserError` where there is no such checkpoint.
  func loadTeacher() throws -> TrainedPolicy? {
    guard let teacher else { return nil }
    let shipped = try EnvironmentLibrary.home().appendingPathComponent("Assets/checkpoints/\(teacher)")
    for folder in [URL(fileURLWithPath: teacher, isDirectory: true), shipped]
    where FileManager.default.fileExists(atPath: folder.appendingPathComponent(Checkpoint.configurationFile).path) {
      return try Checkpoint.load(folder)
    }
    throw UserError(
      "there is no checkpoint '\(teacher)' to learn from; train it first, and give its folder as the recipe's teacher")
  }

  /// The untrained policy.
  ///
  /// - Throws: `UserError` where the networks do not fit the data, or each other.
  func makePolicy(for data: RecipeData, teacher: TrainedPolicy?) throws -> TrainablePolicy {
    if let teacher {
      guard teacher.horizons == data.labels.horizons, teacher.configuration.features == data.labels.features else {
        throw UserError(
          "the teacher '\(self.teacher ?? "")' has other features or horizons than the recipe's data; give the data and horizons of its own recipe")
      }
      return try TrainablePolicy(distilling: teacher, provenance: data.provenance)
    }
    let student = try Learning.makePolicy(
      head: head, size: policy.size, for: data.labels, environment: data.environment, seed: training.seed,
      text: policy.text.configuration(commands: data.labels.commands)
    ) { network.apply(to: &$0) }
    try student.validateTeacher()
    return student
  }
}
