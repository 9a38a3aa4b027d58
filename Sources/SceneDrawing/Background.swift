// The table's surface: colour, squares, textures, light from one side.

import PlanarCore

/// The surface under everything: a plain colour, and on it, where given, squares, a texture and a gradient of light.
/// It goes on beyond the draw list's bounds, where a shifted or turned camera sees that.
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
  }

  /// A pattern of a second colour.
  public struct Texture: Hashable, Codable, Sendable {
    /// What a texture looks like.
    public enum Pattern: String, Codable, CaseIterable, Sendable {
      /// Parallel bands of equal width.
      case stripes
      /// Irregular soft spots, as of terrazzo or worn paint.
      case speckle
      /// Wavy rings stretched along one direction, as of a planed board.
      case wood
    }

    /// What it looks like.
    public var pattern: Pattern
    /// What the pattern is painted with; its opacity is the pattern's strength.
    public var color: Color
    /// The period of stripes, of the wood's rings, of the spots, m.
    public var size: Double
    /// The direction along stripes and fibres, rad from the x axis.
    public var angle: Double
    /// Which of the many spots or boards; 0 … 2³² − 1.
    public var seed: UInt32

    /// Programmer error where `size` is not positive.
    public init(_ pattern: Pattern, color: Color, size: Double, angle: Double = 0, seed: UInt32 = 0) {
      precondition(size > 0, "a texture's pattern has a size")
      self.pattern = pattern
      self.color = color
      self.size = size
      self.angle = angle
      self.seed = seed
    }
  }

  /// A colour that fades in across the surface, as light from one side does.
  public struct Gradient: Hashable, Codable, Sendable {
    /// What the far edge is covered with; the near edge shows none of it.
    public var color: Color
    /// From the near edge to the far one; its length does not matter.
    public var direction: Vec2

    /// A colour that is full at the edge that `direction` points to.
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

  /// The plain colour under everything.
  public var color: Color
  /// Squares on it; nil for none.
  public var checker: Checker?
  /// A pattern on it; nil for none.
  public var texture: Texture?
  /// Light from one side; nil for none.
  public var gradient: Gradient?

  /// A surface of one colour, and what lies on it.
  public init(
    color: Color, checker: Checker? = nil, texture: Texture? = nil, gradient: Gradient? = nil
  ) {
    self.color = color
    self.checker = checker
    self.texture = texture
    self.gradient = gradient
  }
}
