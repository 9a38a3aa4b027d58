// Where a camera stands: for randomization, and for a real camera that was mounted a little off.

import PlanarCore

/// How a camera is displaced from looking straight at the middle of the draw list's bounds.
public struct CameraPose: Hashable, Codable, Sendable {
  /// How far the camera's middle is moved over the table, m.
  public var shift: Vec2
  /// How far the camera is turned, rad, counter-clockwise; the scene turns the other way in its picture.
  public var rotation: Double
  /// How much larger things look than with the bounds fitted; positive.
  public var zoom: Double

  /// Programmer error where `zoom` is not positive.
  public init(shift: Vec2 = .zero, rotation: Double = 0, zoom: Double = 1) {
    precondition(zoom > 0, "a camera's zoom is positive")
    self.shift = shift
    self.rotation = rotation
    self.zoom = zoom
  }

  /// Straight above the middle, with the bounds fitted.
  public static let centered = CameraPose()
}
