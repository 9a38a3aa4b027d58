// A light over the table: it shades what stands out of it and lets it cast a shadow.

import PlanarCore

/// How an item stands out of the table; without a light it changes nothing.
///
/// Items of one body (the bar and the stem of a T) share one relief, so that its shading runs through them.
public struct Relief: Hashable, Codable, Sendable {
  /// Above the table, m: how far the shadow is thrown.
  public var height: Double
  /// The body's middle, m, where its colour is as given.
  public var center: Vec2
  /// How far the body reaches from there, m: where it is brightest and darkest.
  public var radius: Double

  /// An item of this height, m, whose shading runs over a disc of `radius` around `center`, m.
  public init(height: Double, center: Vec2, radius: Double) {
    self.height = height
    self.center = center
    self.radius = radius
  }
}

/// Light that comes in from one side.
public struct Light: Hashable, Codable, Sendable {
  /// A shadow on the table.
  public struct Shadow: Hashable, Codable, Sendable {
    /// How dark it is: 0 … 1.
    public var opacity: Float
    /// How far it is thrown, m per metre of height: 1 is light at 45°.
    public var slope: Double
    /// Over how many metres beyond the shape it fades.
    public var softness: Double

    /// The defaults cast a shadow as long as the item is high, with an edge of 6 mm.
    public init(opacity: Float, slope: Double = 1, softness: Double = 0.006) {
      self.opacity = opacity
      self.slope = slope
      self.softness = softness
    }
  }

  /// Where the light travels to, seen from above; its length does not matter.
  public var direction: Vec2
  /// How much brighter a body's side towards the light is than its middle, and darker its far side: 0.2 is ±20 %.
  public var shading: Float
  /// The shadow that bodies cast, or nil. Neighbours in the list cast theirs on what lies under all of them.
  public var shadow: Shadow?

  /// Light without shadows, unless one is given.
  public init(direction: Vec2, shading: Float, shadow: Shadow? = nil) {
    self.direction = direction
    self.shading = shading
    self.shadow = shadow
  }

  /// From an item to its shadow, m.
  package func shadowOffset(of relief: Relief) -> Vec2 {
    direction.normalized() * (relief.height * (shadow?.slope ?? 0))
  }

  /// The colour of a body's surface at a point of the world, m. Linear in `point`, so that channels may leave
  /// [0, 1]; who draws it limits them.
  package func shade(_ color: Color, of relief: Relief, at point: Vec2) -> Color {
    let t = Float((point - relief.center).dot(direction.normalized()) / max(relief.radius, 1e-6))
    let factor = 1 - shading * t
    return Color(
      red: color.red * factor, green: color.green * factor, blue: color.blue * factor,
      alpha: color.alpha)
  }
}

/// Brightness and contrast, as of a camera whose exposure is a little off.
///
/// `out = (in − 0.5) · contrast + 0.5 + brightness` per channel, limited to [0, 1]. It is applied to the colours that
/// are drawn, which is the same as applying it to the picture, for colours mix linearly.
public struct Exposure: Hashable, Codable, Sendable {
  /// Added to every channel; 0 changes nothing.
  public var brightness: Float
  /// What distances from middle grey are multiplied by; 1 changes nothing.
  public var contrast: Float

  /// The defaults leave a picture as it is.
  public init(brightness: Float = 0, contrast: Float = 1) {
    self.brightness = brightness
    self.contrast = contrast
  }

  /// Leaves a picture as it is.
  public static let neutral = Exposure()

  /// The colour as it is drawn, its channels not yet limited.
  package func callAsFunction(_ color: Color) -> Color {
    guard self != .neutral else { return color }
    func channel(_ value: Float) -> Float { (value - 0.5) * contrast + 0.5 + brightness }
    return Color(
      red: channel(color.red), green: channel(color.green), blue: channel(color.blue), alpha: color.alpha)
  }
}
