// What a scene looks like, as a value: the camera rasterises it for policies, the viewer shows it to people.

import PlanarCore

/// An upright rectangle of the world, m.
public struct WorldRectangle: Hashable, Codable, Sendable {
  /// The lower left corner.
  public var min: Vec2
  /// The upper right corner.
  public var max: Vec2

  /// Programmer error where the rectangle is empty.
  public init(min: Vec2, max: Vec2) {
    precondition(max.x > min.x && max.y > min.y, "a world rectangle has an area")
    self.min = min
    self.max = max
  }

  /// The middle of the rectangle, m.
  public var center: Vec2 { (min + max) * 0.5 }
  /// Its extent along x, m.
  public var width: Double { max.x - min.x }
  /// Its extent along y, m.
  public var height: Double { max.y - min.y }
  /// Counter-clockwise from the lower left.
  public var corners: [Vec2] { [min, Vec2(max.x, min.y), max, Vec2(min.x, max.y)] }
}

/// A line around a shape, centred on its border.
public struct Outline: Hashable, Codable, Sendable {
  /// The line's colour.
  public var color: Color
  /// m
  public var width: Double

  /// A line of this width, m, half of it on either side of the border.
  public init(color: Color, width: Double) {
    self.color = color
    self.width = width
  }
}

/// Which point of a line of text stands at its position; vertically it is always half the capitals' height.
public enum TextAnchor: Hashable, Codable, Sendable {
  /// The beginning, the middle or the end of the line.
  case leading, center, trailing
}

/// One thing to draw. Positions and lengths in metres, y upward; later items cover earlier ones.
///
/// A disc or polygon with a `relief` stands out of the table: the list's light shades it and lets it cast a shadow.
public enum DrawItem: Equatable, Sendable {
  /// A filled circle.
  case disc(center: Vec2, radius: Double, fill: Color, outline: Outline? = nil, relief: Relief? = nil)
  /// A convex polygon; corners in either order.
  case polygon([Vec2], fill: Color, outline: Outline? = nil, relief: Relief? = nil)
  /// An open line; joins are round, ends are round or cut.
  case polyline([Vec2], width: Double, color: Color, roundedCaps: Bool = true)
  /// One line of text along the table's x axis; `height` is the font's size (its em). Left out where that is less
  /// than `DrawItem.smallestText` pixels.
  case text(String, at: Vec2, height: Double, color: Color, anchor: TextAnchor = .center)

  /// The size in pixels below which text is left out, by window and camera alike: no letter is legible there, and
  /// what remained would be a smudge that depends on the fonts a machine has, so that policies would not see the
  /// same pictures everywhere. Zones keep their discs.
  public static let smallestText = 6.0

  /// How it stands out of the table; nil where it lies in it.
  public var relief: Relief? {
    switch self {
    case .disc(_, _, _, _, let relief), .polygon(_, _, _, let relief): relief
    case .polyline, .text: nil
    }
  }
}

/// A picture of the world, independent of pixels.
public struct DrawList: Equatable, Sendable {
  /// The part of the world that a camera shows.
  public var bounds: WorldRectangle
  /// What lies under all items.
  public var background: Background
  /// From the bottom up.
  public var items: [DrawItem]
  /// What shades the items with a relief; nil for none.
  public var light: Light?
  /// Brightness and contrast of background and items.
  public var exposure: Exposure

  /// A picture of `bounds`; items are drawn in order, later ones over earlier ones.
  public init(
    bounds: WorldRectangle, background: Background, items: [DrawItem] = [], light: Light? = nil,
    exposure: Exposure = .neutral
  ) {
    self.bounds = bounds
    self.background = background
    self.items = items
    self.light = light
    self.exposure = exposure
  }
}
