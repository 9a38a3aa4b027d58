// Turns draw lists into pixels: what pixel policies see, and what screenshots and videos show.

import PlanarCore
import Synchronization

/// Draws one picture after another into memory that it keeps.
///
/// The same list through the same camera gives the same bytes on every run, whatever was drawn before, and whichever
/// thread draws. A renderer is for one thread at a time; `Camera.observe` and `Camera.render` borrow one that is idle
/// and can be called anywhere.
///
/// Pictures with the background, exposure and camera of the one before are cheaper, as those of one episode are.
///
/// Allocates nothing once it has drawn a picture of the same size with the same words.
public final class CameraRenderer {
  private let memory = RasterMemory()
  private var stamps = TextStamps()
  private var tableShown: TableKey?

  /// What the table without items depends on.
  private struct TableKey: Equatable {
    var background: Background
    var exposure: Exposure
    var camera: Camera
  }

  /// A renderer that has drawn nothing; its memory grows with the first picture.
  public init() {}

  /// Draws a list as `[height, width, 3]` bytes: red, green, blue, top row first.
  ///
  /// - Parameters:
  ///   - noise: what the sensor adds, or nil.
  ///   - random: where the noise comes from; one number is drawn a picture with noise, none without.
  ///   - bytes: gets the picture's size where it has another.
  public func render(
    _ list: DrawList, overlay: [DrawItem] = [], through camera: Camera, noise: SensorNoise?,
    using random: inout RandomStream, into bytes: inout [UInt8]
  ) {
    draw(list, overlay, camera)
    let key = noise.map { ($0.deviation * 255, UInt32(truncatingIfNeeded: random.next())) }
    write(camera, to: &bytes, channels: 3, noise: key)
  }

  /// Draws a list as `[height, width, 3]` bytes, without noise.
  public func render(
    _ list: DrawList, overlay: [DrawItem] = [], through camera: Camera, into bytes: inout [UInt8]
  ) {
    draw(list, overlay, camera)
    write(camera, to: &bytes, channels: 3, noise: nil)
  }

  /// Draws a list as an image, without noise.
  func render(_ list: DrawList, overlay: [DrawItem], through camera: Camera, into image: inout Image) {
    draw(list, overlay, camera)
    write(camera, to: &image.pixels, channels: 4, noise: nil)
  }

  private func write(
    _ camera: Camera, to bytes: inout [UInt8], channels: Int, noise: (deviation: Float, key: UInt32)?
  ) {
    let count = camera.width * camera.height * channels
    if bytes.count != count { bytes = [UInt8](repeating: 0, count: count) }
    bytes.withUnsafeMutableBufferPointer {
      memory.raster.write(to: $0.baseAddress!, channels: channels, camera, noise: noise)
    }
  }

  private func draw(_ list: DrawList, _ overlay: [DrawItem], _ camera: Camera) {
    let map = PixelMap(camera)
    let table = TableKey(background: list.background, exposure: list.exposure, camera: camera)
    if memory.resize(width: camera.frame.width, height: camera.frame.height) || table != tableShown {
      memory.raster.paintTable(list.background, exposure: list.exposure, map)
      tableShown = table
    }
    memory.raster.clearToTable()
    paint(list.items, light: list.light, exposure: list.exposure, map)
    paint(overlay, light: nil, exposure: .neutral, map)
  }

  private func paint(_ items: [DrawItem], light: Light?, exposure: Exposure, _ map: PixelMap) {
    var shadowed = 0
    for index in items.indices {
      if let light, light.shadow != nil, index >= shadowed, items[index].relief != nil {
        // The shadows of neighbours lie under all of them.
        shadowed = index
        while shadowed < items.count, let relief = items[shadowed].relief {
          paintShadow(of: items[shadowed], relief, light, exposure, map)
          shadowed += 1
        }
      }
      paint(items[index], light, exposure, map)
    }
  }

  private func paintShadow(
    of item: DrawItem, _ relief: Relief, _ light: Light, _ exposure: Exposure, _ map: PixelMap
  ) {
    guard let shadow = light.shadow else { return }
    let offset = light.shadowOffset(of: relief)
    var stroke = Stroke(fill: Paint(exposure(Color.black.opacity(shadow.opacity))))
    stroke.softness = Float(shadow.softness) * map.scale
    switch item {
    case .disc(let center, let radius, _, _, _):
      memory.raster.paintDisc(center: map(center + offset), radius: Float(radius) * map.scale, stroke)
    case .polygon(let corners, _, _, _):
      memory.raster.paintPolygon(corners, map, offset: offset, stroke)
    case .polyline, .text: break
    }
  }

  private func paint(_ item: DrawItem, _ light: Light?, _ exposure: Exposure, _ map: PixelMap) {
    switch item {
    case .disc(let center, let radius, let fill, let outline, let relief):
      memory.raster.paintDisc(
        center: map(center), radius: Float(radius) * map.scale,
        stroke(fill, outline, relief, light, exposure, map))
    case .polygon(let corners, let fill, let outline, let relief):
      memory.raster.paintPolygon(corners, map, stroke(fill, outline, relief, light, exposure, map))
    case .polyline(let points, let width, let color, let roundedCaps):
      memory.raster.paintLine(
        points, map, width: Float(width) * map.scale, roundedCaps: roundedCaps, Paint(exposure(color)))
    case .text(let text, let position, let height, let color, let anchor):
      let size = height * map.camera.scale
      guard size >= DrawItem.smallestText else { return }
      let bitmap = stamps.bitmap(of: text, size: size)
      let pixel = map(position)
      memory.raster.paintText(
        bitmap, anchor: bitmap.anchor(anchor), at: Vec2(Double(pixel.x), Double(pixel.y)),
        axis: map.camera.horizontal, Paint(exposure(color)))
    }
  }

  private func stroke(
    _ fill: Color, _ outline: Outline?, _ relief: Relief?, _ light: Light?, _ exposure: Exposure, _ map: PixelMap
  ) -> Stroke {
    var paint = Paint(exposure(fill))
    if let light, let relief, light.shading != 0 {
      paint = Paint { exposure(light.shade(fill, of: relief, at: map.world($0))) }
    }
    return Stroke(
      fill: paint, outline: outline.map { Paint(exposure($0.color)) },
      halfWidth: Float(outline?.width ?? 0) * map.scale / 2)
  }
}

extension CameraRenderer {
  /// A renderer that nobody uses. Sendable because only who took it out of `idle` touches it.
  private struct Lent: @unchecked Sendable { let renderer: CameraRenderer }

  private static let idle: Mutex<[Lent]> = {
    var renderers: [Lent] = []
    renderers.reserveCapacity(256)
    return Mutex(renderers)
  }()

  /// Hands over an idle renderer: the one used last, which may still hold the same table.
  static func withIdle(_ body: (CameraRenderer) -> Void) {
    let lent = idle.withLock { $0.popLast() } ?? Lent(renderer: CameraRenderer())
    body(lent.renderer)
    idle.withLock { $0.append(lent) }
  }
}
