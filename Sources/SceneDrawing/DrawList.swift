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

  public var center: Vec2 { (min + max) * 0.5 }
  public var width: Double { max.x - min.x }
  public var height: Double { max.y - min.y }
  /// Counter-clockwise from the lower left.
  public var corners: [Vec2] { [min, Vec2(max.x, min.y), max, Vec2(min.x, max.y)] }
}

/// The surface under everything: a plain colour, and on it, where given, squares and a gradient of light.
public struct Background: Hashable, Codable, Sendable {
  /// A chequered texture whose squares meet in the world's origin.
  public struct Checker: Hashable, Codable, Sendable {
    /// The colour of every second square.
    public var color: Color
    /// The side of a square, m.
    public var cell: Double

    /// Programmer error where `cell` is not positive.
    public init(color: Color, cell: Double) {
      precondition(cell > 0, "a checker's squares have a size")
      self.color = color
      self.cell = cell
    }

    /// Lower left corners and side (m) of the squares of `color` that touch a rectangle.
    public func squares(in bounds: WorldRectangle) -> [(corner: Vec2, side: Double)] {
      func index(_ coordinate: Double) -> Int { Int((coordinate / cell).rounded(.down)) }
      let columns = index(bounds.min.x)...index(bounds.max.x)
      let rows = index(bounds.min.y)...index(bounds.max.y)
      return rows.flatMap { row in
        columns.filter { ($0 + row) & 1 == 0 }.map { column in
          (Vec2(Double(column) * cell, Double(row) * cell), cell)
        }
      }
    }
  }

  /// A colour that fades in across the surface, as light from one side does.
  public struct Gradient: Hashable, Codable, Sendable {
    /// What the far edge is covered with; the near edge shows none of it.
    public var color: Color
    /// From the near edge to the far one; its length does not matter.
    public var direction: Vec2

    public init(color: Color, direction: Vec2) {
      self.color = color
      self.direction = direction
    }

    /// Where in a rectangle the colour begins (opacity 0) and where it is full: between two parallel
    /// lines through opposite corners.
    public func span(in bounds: WorldRectangle) -> (near: Vec2, far: Vec2) {
      let unit = direction.normalized()
      let reach = (abs(unit.x) * bounds.width + abs(unit.y) * bounds.height) / 2
      return (bounds.center - unit * reach, bounds.center + unit * reach)
    }
  }

  public var color: Color
  public var checker: Checker?
  public var gradient: Gradient?

  public init(color: Color, checker: Checker? = nil, gradient: Gradient? = nil) {
    self.color = color
    self.checker = checker
    self.gradient = gradient
  }
}

/// A line around a shape, centred on its border.
public struct Outline: Hashable, Codable, Sendable {
  public var color: Color
  /// m
  public var width: Double

  public init(color: Color, width: Double) {
    self.color = color
    self.width = width
  }
}

/// Which point of a line of text stands at its position; vertically it is always half the capitals' height.
public enum TextAnchor: Hashable, Codable, Sendable {
  case leading, center, trailing
}

/// One thing to draw. Positions and lengths in metres, y upward; later items cover earlier ones.
public enum DrawItem: Equatable, Sendable {
  case disc(center: Vec2, radius: Double, fill: Color, outline: Outline? = nil)
  /// A convex polygon; corners in either order.
  case polygon([Vec2], fill: Color, outline: Outline? = nil)
  /// An open line; joins are round, ends are round or cut.
  case polyline([Vec2], width: Double, color: Color, roundedCaps: Bool = true)
  /// One line of text; `height` is the font's size (its em).
  case text(String, at: Vec2, height: Double, color: Color, anchor: TextAnchor = .center)
}

/// A picture of the world, independent of pixels.
public struct DrawList: Equatable, Sendable {
  /// The part of the world that a camera shows.
  public var bounds: WorldRectangle
  public var background: Background
  /// From the bottom up.
  public var items: [DrawItem]

  public init(bounds: WorldRectangle, background: Background, items: [DrawItem] = []) {
    self.bounds = bounds
    self.background = background
    self.items = items
  }
}
