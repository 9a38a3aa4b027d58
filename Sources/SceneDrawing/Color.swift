// Colours of drawings: what a designer writes as #RRGGBB, kept as floats for blending and shaders.

/// An sRGB colour with straight (not premultiplied) opacity; each number lies in [0, 1].
@frozen
public struct Color: Hashable, Codable, Sendable {
  /// 0 to 1.
  public var red: Float
  /// 0 to 1.
  public var green: Float
  /// 0 to 1.
  public var blue: Float
  /// Opacity: 0 is invisible, 1 covers.
  public var alpha: Float

  /// A colour from its channels, each 0 to 1; the alpha is not premultiplied.
  @inlinable public init(red: Float, green: Float, blue: Float, alpha: Float = 1) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  /// The colour that is written `#RRGGBB`, given as `0xRRGGBB`.
  public init(hex: UInt32, alpha: Float = 1) {
    self.init(
      red: Float(hex >> 16 & 0xff) / 255, green: Float(hex >> 8 & 0xff) / 255,
      blue: Float(hex & 0xff) / 255, alpha: alpha)
  }

  /// Opaque black.
  public static let black = Color(hex: 0x000000)
  /// Opaque white.
  public static let white = Color(hex: 0xffffff)
  /// Fully transparent: draws nothing.
  public static let clear = Color(hex: 0x000000, alpha: 0)

  /// The colour `fraction` of the way to `other`: 0 gives `self`, 1 gives `other`.
  public func mixed(with other: Color, by fraction: Float) -> Color {
    Color(
      red: red + (other.red - red) * fraction, green: green + (other.green - green) * fraction,
      blue: blue + (other.blue - blue) * fraction, alpha: alpha + (other.alpha - alpha) * fraction)
  }

  /// The same colour at another opacity.
  public func opacity(_ alpha: Float) -> Color {
    Color(red: red, green: green, blue: blue, alpha: alpha)
  }
}
