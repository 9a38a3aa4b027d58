// How a policy looks at the top camera's picture: a value in its configuration.

import PlanarCore
import PlanarNeuralNetworks
import PlanarPolicyInterface

/// The picture encoder's kind, sizes, augmentation and training-only loss.
public struct PixelConfiguration: Defaulted, Hashable, Sendable {
  /// Everything at its default.
  public static var standard: PixelConfiguration { PixelConfiguration() }

  /// Each kind has its pooling.
  public static func standard(given node: SettingsNode) throws -> PixelConfiguration {
    PixelConfiguration(kind: try node.value("kind")?.decode(Kind.self) ?? standard.kind)
  }

  /// What makes a grid of features of a picture.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// Strided convolutions with FiLM by the command (RT-1, Brohan et al. 2022).
    case convolutional
    /// Square patches with position embeddings and transformer layers (ViT, Dosovitskiy et al. 2021).
    case vit
  }

  /// What makes tokens of the grid.
  public enum Pooling: String, Codable, CaseIterable, Sendable {
    /// A token per thing that the grid's cells agree on; needs `objectLoss`.
    case peaks
    /// Learned attention maps (TokenLearner, Ryoo et al. 2021).
    case attention
    /// Every cell is a token.
    case none
  }

  /// What makes a grid of features of a picture.
  public var kind: Kind
  /// What makes tokens of the grid.
  public var pooling: Pooling
  /// Tokens that pooling makes.
  public var tokens: Int
  /// Convolutional: channels behind each convolution; the first two halve the picture, the others keep its size.
  public var channels: [Int]
  /// Vit: a patch's side, px.
  public var patch: Int
  /// Vit: transformer layers over the patches, of the trunk's width.
  public var layers: Int
  /// The middle rows of the picture that are looked at, such as 48 of 64 where a table that is wider than deep leaves
  /// bars; nil for all.
  public var rows: Int?
  /// Pictures that are looked at, the newest last, stacked as channels.
  public var frames: Int
  /// What training changes in pictures.
  public var augmentation: PictureAugmentation
  /// Weight of the loss that asks every cell which object lies there: in training only, from the privileged state. 0
  /// switches it off; inference never computes it.
  public var objectLoss: Float

  /// The defaults of the shipped policy; `validate` checks what they are replaced by.
  public init(
    kind: Kind = .convolutional, pooling: Pooling? = nil, tokens: Int = 4,
    channels: [Int] = [16, 32, 32], patch: Int = 8, layers: Int = 2, rows: Int? = nil, frames: Int = 1,
    augmentation: PictureAugmentation = PictureAugmentation(), objectLoss: Float = 1
  ) {
    self.kind = kind
    self.pooling = pooling ?? (kind == .vit ? .none : .peaks)
    self.tokens = tokens
    self.channels = channels
    self.patch = patch
    self.layers = layers
    self.rows = rows
    self.frames = frames
    self.augmentation = augmentation
    self.objectLoss = objectLoss
  }

  /// - Parameter tellsObjects: whether the training data says where objects are, and what the picture shows.
  /// - Throws: `UserError` naming the entry at fault.
  func validate(window: Int, height: Int, width: Int, tellsObjects: Bool) throws {
    func require(_ condition: Bool, _ message: String) throws {
      if !condition { throw UserError("trunk.observation.pixels." + message) }
    }
    let seen = rows ?? height
    try require(
      (8...max(8, height)).contains(seen) && (height - seen) % 2 == 0,
      "rows is \(seen); it must lie in 8 … \(height), the picture's height, and leave as many rows above as below")
    try require(
      (1...window).contains(frames), "frames is \(frames); it must lie in 1 … \(window), the observation horizon")
    try require((1...64).contains(tokens), "tokens is \(tokens); it must lie in 1 … 64")
    try require(
      objectLoss >= 0 && objectLoss.isFinite, "objectLoss is \(objectLoss); it must not be negative")
    try require(
      objectLoss == 0 || tellsObjects,
      "objectLoss needs data that tells objects' places and what the picture shows; set it to 0, with pooling 'attention', or record the data again"
    )
    try require(
      pooling != .peaks || objectLoss > 0,
      "pooling 'peaks' finds things by what objectLoss teaches; give that a weight, or choose pooling 'attention'")
    switch kind {
    case .convolutional:
      try require(
        (2...8).contains(channels.count) && channels.allSatisfy { (8...512).contains($0) && $0 % 8 == 0 },
        "channels is \(channels); it must be two to eight multiples of 8 up to 512")
      try require(width >= 8, "kind 'convolutional' needs pictures of 8 px or more, not of \(width)")
    case .vit:
      try require((1...16).contains(layers), "layers is \(layers); it must lie in 1 … 16")
      try require(
        patch >= 2 && seen % patch == 0 && width % patch == 0,
        "patch is \(patch); it must divide what is looked at, \(width) × \(seen) px")
    }
    try augmentation.validate()
  }
}

extension PixelConfiguration: EncoderOptions {
  static let name = "pixels"
  static let feature = FeatureName.topImage
  static let recordingHint = "record it with the camera on, such as --image 64"
  static let showsObjects = true
  var pictures: Int { frames }

  func validate(_ features: FeatureSet, window: Int) throws {
    guard let image = features.image, image.shape.count == 3, image.shape[2] == 3 else {
      throw UserError(
        "trunk.observation.pixels needs the feature image [height, width, 3]; record with --image 64")
    }
    try validate(
      window: window, height: image.shape[0], width: image.shape[1],
      tellsObjects: image.area != nil && features.objects.tellsPlaces)
  }

  func makeEncoder(_ layout: inout ParameterLayout, _ setting: EncoderSetting) -> any ObservationEncoder {
    PixelEncoder(&layout, self, setting)
  }
}
