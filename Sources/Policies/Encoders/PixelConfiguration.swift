// How a policy looks at the top camera's picture: a value in its configuration.

import PlanarCore

/// The picture encoder's kind, sizes, augmentation and training-only loss.
public struct PixelConfiguration: Codable, Hashable, Sendable {
  /// What turns a picture into tokens.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// Strided convolutions with FiLM by the command, then a token learner.
    case convolutional
    /// Square patches, one token each.
    case vit
  }

  public var kind: Kind
  /// Convolutional: channels behind each convolution; the first two halve the picture, the others keep its size.
  public var channels: [Int]
  /// Convolutional: tokens that the token learner makes, a learned attention map each.
  public var tokens: Int
  /// Vit: a patch's side, px.
  public var patch: Int
  /// Pictures of the window that are looked at, newest last; stacked as channels.
  public var frames: Int
  public var augmentation: PictureAugmentation
  /// Weight of the loss that asks image tokens where each object is. In training only, from the privileged state;
  /// 0 switches it off, and inference never computes it.
  public var objectLoss: Float

  public init(
    kind: Kind = .convolutional, channels: [Int] = [16, 32, 48], tokens: Int = 8, patch: Int = 8,
    frames: Int = 1, augmentation: PictureAugmentation = PictureAugmentation(), objectLoss: Float = 1
  ) {
    self.kind = kind
    self.channels = channels
    self.tokens = tokens
    self.patch = patch
    self.frames = frames
    self.augmentation = augmentation
    self.objectLoss = objectLoss
  }

  private enum CodingKeys: CodingKey {
    case kind, channels, tokens, patch, frames, augmentation, objectLoss
  }

  /// Entries that are missing have their defaults.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let standard = Self()
    kind = try container.decodeIfPresent(Kind.self, forKey: .kind) ?? standard.kind
    channels = try container.decodeIfPresent([Int].self, forKey: .channels) ?? standard.channels
    tokens = try container.decodeIfPresent(Int.self, forKey: .tokens) ?? standard.tokens
    patch = try container.decodeIfPresent(Int.self, forKey: .patch) ?? standard.patch
    frames = try container.decodeIfPresent(Int.self, forKey: .frames) ?? standard.frames
    augmentation =
      try container.decodeIfPresent(PictureAugmentation.self, forKey: .augmentation)
      ?? standard.augmentation
    objectLoss =
      try container.decodeIfPresent(Float.self, forKey: .objectLoss) ?? standard.objectLoss
  }

  /// - Throws: `UserError` naming the entry at fault.
  func validate(window: Int, height: Int, width: Int) throws {
    func require(_ condition: Bool, _ message: String) throws {
      if !condition { throw UserError("trunk.pixels." + message) }
    }
    try require(
      (1...window).contains(frames),
      "frames is \(frames); it must lie in 1 … \(window), the observation horizon")
    try require(
      objectLoss >= 0 && objectLoss.isFinite, "objectLoss is \(objectLoss); it must not be negative")
    switch kind {
    case .convolutional:
      try require(
        (2...8).contains(channels.count) && channels.allSatisfy { (8...512).contains($0) && $0 % 8 == 0 },
        "channels is \(channels); it must be two to eight multiples of 8 up to 512")
      try require((1...64).contains(tokens), "tokens is \(tokens); it must lie in 1 … 64")
      try require(
        min(height, width) >= 8, "kind 'convolutional' needs pictures of 8 px or more, not \(width) × \(height)")
    case .vit:
      try require(
        patch >= 2 && height % patch == 0 && width % patch == 0,
        "patch is \(patch); it must divide the picture's sides, \(width) × \(height) px")
    }
    try augmentation.validate()
  }
}
