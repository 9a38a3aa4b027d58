// The sizes of the transformer decoders that heads of tokens and of queries share.

import PlanarCore

/// Sizes of a transformer decoder.
public struct DecoderSizes: Defaulted, Hashable, Sendable {
  /// Everything at its default.
  public static var standard: DecoderSizes { DecoderSizes() }
  /// Features of a token.
  public var width: Int
  /// Attention heads; `width` is a multiple of them.
  public var heads: Int
  /// Layers, each with attention to the context.
  public var layers: Int
  /// Width of the feed-forward part, as a multiple of `width`.
  public var feedForward: Int

  /// The defaults of the shipped policies.
  public init(width: Int = 64, heads: Int = 4, layers: Int = 2, feedForward: Int = 2) {
    self.width = width
    self.heads = heads
    self.layers = layers
    self.feedForward = feedForward
  }

  /// - Parameter name: whose sizes they are, such as `bins decoder`.
  /// - Throws: `UserError` naming the size at fault.
  public func validate(_ name: String) throws {
    try requireRanges([
      ("\(name) width", width, 8...4096), ("\(name) heads", heads, 1...64),
      ("\(name) layers", layers, 1...64), ("\(name) feedForward", feedForward, 1...16),
    ])
    guard width % heads == 0 else {
      throw UserError(
        "\(name) width is \(width), which is no multiple of its \(heads) heads; choose other sizes")
    }
  }
}
