// From metres to the raster's pixels, in single precision.

import PlanarCore

/// A camera's projection into the part of its picture between the bars: one product of a matrix a point.
struct PixelMap {
  private let columnX: SIMD2<Double>
  private let columnY: SIMD2<Double>
  private let origin: SIMD2<Double>
  /// px per m
  let scale: Float
  let camera: Camera

  init(_ camera: Camera) {
    func pixel(_ point: Vec2) -> SIMD2<Double> {
      let pixel = camera.project(point)
      return SIMD2(pixel.x - Double(camera.frame.x), pixel.y - Double(camera.frame.y))
    }
    origin = pixel(.zero)
    columnX = pixel(Vec2(1, 0)) - origin
    columnY = pixel(Vec2(0, 1)) - origin
    scale = Float(camera.scale)
    self.camera = camera
  }

  /// Where a point of the world (m) lies in the raster (px).
  @inline(__always) func callAsFunction(_ point: Vec2) -> SIMD2<Float> {
    SIMD2<Float>(origin + columnX * point.x + columnY * point.y)
  }

  /// Which point of the world (m) lies at a position of the raster (px).
  func world(_ pixel: Vec2) -> Vec2 {
    camera.unproject(pixel + Vec2(Double(camera.frame.x), Double(camera.frame.y)))
  }
}
