// Which point of the world a pixel shows.

import PlanarCore

/// A view from above that fits a rectangle of the world into a picture.
///
/// The aspect is preserved: where the picture is wider or taller than the world, bars fill the rest.
/// ```
///   world, m, y up            picture, px, y down
///   ┌────────────max          (0,0)───┬──────────┬───┐
///   │            │             │ bar  │          │bar│
///   min──────────┘             └──────┴──────────┴─(width, height)
/// ```
/// Pixel (column i, row j) covers [i, i + 1) × [j, j + 1) of the picture's coordinates. A pose that is not centred shows
/// another part of the world between the same bars; the table's surface goes on beyond the bounds.
public struct Camera: Equatable, Sendable {
  /// The part of the world that fits into the picture, m.
  public let bounds: WorldRectangle
  /// px
  public let width: Int
  /// px
  public let height: Int
  /// The colour of the bars.
  public var letterbox: Color
  /// How far the camera is off its nominal position.
  public let pose: CameraPose
  /// px per m
  public let scale: Double
  /// Where the world is shown, between the bars.
  package let frame: PixelFrame
  private let rotation: Rotation

  /// Programmer error where a side is not positive.
  public init(
    bounds: WorldRectangle, width: Int, height: Int, letterbox: Color = .black,
    pose: CameraPose = .centered
  ) {
    precondition(width > 0 && height > 0, "a picture has pixels")
    self.bounds = bounds
    self.width = width
    self.height = height
    self.letterbox = letterbox
    self.pose = pose
    let fit = min(Double(width) / bounds.width, Double(height) / bounds.height)
    scale = fit * pose.zoom
    rotation = Rotation(angle: pose.rotation)
    frame = PixelFrame(
      center: Vec2(Double(width), Double(height)) * 0.5, size: Vec2(bounds.width, bounds.height) * fit)
  }

  /// Where a point of the world (m) lies in the picture (px).
  public func project(_ point: Vec2) -> Vec2 {
    let offset = rotation.unapply(point - bounds.center - pose.shift)
    return Vec2(Double(width) / 2 + offset.x * scale, Double(height) / 2 - offset.y * scale)
  }

  /// Which point of the world (m) lies at a position of the picture (px).
  public func unproject(_ pixel: Vec2) -> Vec2 {
    let offset = Vec2(pixel.x - Double(width) / 2, Double(height) / 2 - pixel.y) / scale
    return bounds.center + pose.shift + rotation.apply(offset)
  }

  /// Where the world's x axis points to in the picture, a unit vector.
  package var horizontal: Vec2 { Vec2(rotation.cosine, rotation.sine) }

  /// Draws a list, and overlays above it, into a picture that gets this camera's size.
  ///
  /// Light and exposure are the list's own and leave overlays alone.
  public func render(_ list: DrawList, overlay: [DrawItem] = [], into image: inout Image) {
    image.resize(width: width, height: height)
    CameraRenderer.withIdle { $0.render(list, overlay: overlay, through: self, into: &image) }
  }

  /// Draws a list, and overlays above it, as a new picture.
  public func render(_ list: DrawList, overlay: [DrawItem] = []) -> Image {
    var image = Image(width: width, height: height)
    render(list, overlay: overlay, into: &image)
    return image
  }

  /// Draws a list as an observation, `[height, width, 3]`, 8 bit red, green, blue, top row first.
  ///
  /// For any thread; allocates nothing once `bytes` has its size and as many threads have drawn such pictures before.
  ///
  /// - Parameters:
  ///   - noise: what the sensor adds, or nil.
  ///   - random: where the noise comes from; one number is drawn a picture with noise, none without.
  public func observe(
    _ list: DrawList, noise: SensorNoise? = nil, using random: inout RandomStream, into bytes: inout [UInt8]
  ) {
    CameraRenderer.withIdle { $0.render(list, through: self, noise: noise, using: &random, into: &bytes) }
  }
}

/// An upright rectangle of whole pixels.
package struct PixelFrame: Hashable, Sendable {
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int

  /// The rectangle whose edges are nearest.
  init(center: Vec2, size: Vec2) {
    x = Int((center.x - size.x / 2).rounded())
    y = Int((center.y - size.y / 2).rounded())
    width = max(1, Int((center.x + size.x / 2).rounded()) - x)
    height = max(1, Int((center.y + size.y / 2).rounded()) - y)
  }
}

/// What a camera's sensor adds to every channel of every pixel, independently.
public struct SensorNoise: Hashable, Codable, Sendable {
  /// Its standard deviation, as a share of the range from black to white.
  public var deviation: Float
  /// Noise of this standard deviation; 1 is a channel's full range.
  public init(deviation: Float) { self.deviation = deviation }
}
