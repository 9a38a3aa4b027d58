// Everything needed to rebuild a policy: what a checkpoint's config.json holds.

import Foundation
import Language
import PlanarCore
import PolicyInterface

/// A policy in words and numbers, without its weights.
public struct PolicyConfiguration: Codable, Sendable {
  /// The layout of this value in JSON; others are refused.
  public static let currentFormat = 1

  public var format = Self.currentFormat
  /// The head and its options.
  public var head: HeadChoice
  public var features: FeatureSet
  public var horizons: Horizons
  public var trunk: ContextTrunk.Configuration
  public var expert: ActionExpert.Configuration
  public var text: TextEncoder.Configuration
  public var vocabulary: CommandVocabulary
  public var normalization: Normalization
  /// How actions are scaled for the network; `identity`: they lie in [−1, 1] already.
  public var actionScaling = "identity"
  /// The environment whose data it is trained on.
  public var environment: String
  /// The seed of the initial weights.
  public var seed: UInt64
  /// Where it comes from: data set, steps, date, whatever its maker wants to be known.
  public var provenance: [String: String]

  public init(
    head: any HeadOptions, features: FeatureSet, horizons: Horizons = Horizons(),
    size: PolicySize = .regular, vocabulary: CommandVocabulary, maximumWords: Int = 12,
    normalization: Normalization, environment: String, seed: UInt64 = 0,
    provenance: [String: String] = [:]
  ) {
    self.head = HeadChoice(head)
    self.features = features
    self.horizons = horizons
    trunk = size.trunk
    expert = size.expert
    text = size.text
    text.maximumWords = maximumWords
    self.vocabulary = vocabulary
    self.normalization = normalization
    self.environment = environment
    self.seed = seed
    self.provenance = provenance
  }

  /// Checks that a policy can be built.
  ///
  /// - Throws: `UserError` that names the entry at fault and what it must be.
  public func validate() throws {
    guard format == Self.currentFormat else {
      throw UserError(
        "format is \(format), but this program reads format \(Self.currentFormat); use the version of the program that wrote it"
      )
    }
    guard features.proprioception.shape.count == 1, features.objects.shape.count == 2,
      features.action.shape.count == 1,
      [features.proprioception, features.objects, features.action].allSatisfy({
        $0.shape.allSatisfy { (1...4096).contains($0) } && $0.elements.count == $0.shape.last
      })
    else {
      throw UserError(
        "features must be proprioception [n], objects [n, m] and action [n] with one element name per number"
      )
    }
    guard actionScaling == "identity" else {
      throw UserError("actionScaling is '\(actionScaling)'; the only one there is is 'identity'")
    }
    try Self.require(
      [
        ("horizons.observation", horizons.observation, 1...64),
        ("horizons.prediction", horizons.prediction, 1...1024),
        ("horizons.execution", horizons.execution, 1...horizons.prediction.clamped(to: 1...1024)),
        ("trunk.width", trunk.width, 8...4096), ("trunk.layers", trunk.layers, 1...64),
        ("trunk.heads", trunk.heads, 1...trunk.width.clamped(to: 1...4096)),
        ("trunk.feedForward", trunk.feedForward, 1...16), ("expert.width", expert.width, 8...8192),
        ("expert.blocks", expert.blocks, 1...64), ("expert.hidden", expert.hidden, 1...16),
        ("expert.conditionWidth", expert.conditionWidth, 8...8192),
        ("expert.timeWidth", expert.timeWidth, 4...4096), ("text.width", text.width, 8...4096),
        ("text.heads", text.heads, 1...text.width.clamped(to: 1...4096)),
        ("text.tokens", text.tokens, 1...64), ("text.maximumWords", text.maximumWords, 1...256),
      ])
    guard trunk.width % trunk.heads == 0, text.width % text.heads == 0, expert.timeWidth % 2 == 0
    else {
      throw UserError(
        "trunk.width and text.width must be multiples of their heads, expert.timeWidth must be even")
    }
    try normalization.validate(features)
    try head.options.validate()
  }

  private static func require(_ entries: [(String, Int, ClosedRange<Int>)]) throws {
    for (name, value, range) in entries where !range.contains(value) {
      throw UserError(
        "\(name) is \(value); it must lie in \(range.lowerBound) … \(range.upperBound)")
    }
  }
}

extension Int {
  fileprivate func clamped(to range: ClosedRange<Int>) -> Int {
    Swift.max(range.lowerBound, Swift.min(range.upperBound, self))
  }
}

/// Named sizes of the networks.
public enum PolicySize: String, Codable, CaseIterable, Sendable {
  /// Trains about three times as fast.
  case small
  case regular

  public var trunk: ContextTrunk.Configuration {
    self == .small ? .init(width: 64, heads: 4, layers: 2) : .init()
  }
  public var expert: ActionExpert.Configuration {
    self == .small ? .init(width: 128, blocks: 2, conditionWidth: 128, timeWidth: 32) : .init()
  }
  public var text: TextEncoder.Configuration {
    self == .small ? .init(width: 32, heads: 2) : .init()
  }
}
