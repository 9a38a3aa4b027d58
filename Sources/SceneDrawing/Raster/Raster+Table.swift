// The table's surface, pixel by pixel: the same function of the world for every camera.

import PlanarCore

extension Raster {
  /// Draws a background into the planes that pictures start from.
  func paintTable(_ background: Background, exposure: Exposure, _ map: PixelMap) {
    // World coordinates of a pixel: corner + x·right + y·down.
    let corner = map.world(.zero)
    let right = (map.world(Vec2(64, 0)) - corner) / 64
    let down = (map.world(Vec2(0, 64)) - corner) / 64
    let base = Paint(exposure(background.color))
    let checker = background.checker.map { (Paint(exposure($0.color)), Float($0.cell)) }
    let texture = background.texture.map { (Paint(exposure($0.color)), TextureField($0, scale: map.scale)) }
    let gradient = background.gradient.map { (Paint(exposure($0.color)), Ramp($0, in: map.camera.bounds)) }
    let whole = PixelBox(
      min: .zero, max: SIMD2(Float(width), Float(height)), reach: 0, in: self)
    walk(whole) { index, x, y in
      let startX: Float = Float(corner.x) + Float(down.x) * y
      let startY: Float = Float(corner.y) + Float(down.y) * y
      let worldX: Lanes = x * Float(right.x) + startX
      let worldY: Lanes = x * Float(right.y) + startY
      var color = (
        Lanes(repeating: base.base.x), Lanes(repeating: base.base.y), Lanes(repeating: base.base.z)
      )
      if let (paint, cell) = checker {
        let wave: Lanes =
          squareWave(worldX / cell, pixels: cell * map.scale) * squareWave(worldY / cell, pixels: cell * map.scale)
        mix(&color, paint, wave * 0.5 + 0.5)
      }
      if let (paint, field) = texture { mix(&color, paint, field.amount(worldX, worldY)) }
      if let (paint, ramp) = gradient { mix(&color, paint, ramp.amount(worldX, worldY)) }
      table.store(color.0, at: index)
      table.store(color.1, at: index + planeSize)
      table.store(color.2, at: index + 2 * planeSize)
    }
  }

  @inline(__always)
  private func mix(_ color: inout (Lanes, Lanes, Lanes), _ paint: Paint, _ amount: Lanes) {
    let weight: Lanes = amount * paint.alpha
    color.0 += (paint.base.x - color.0) * weight
    color.1 += (paint.base.y - color.1) * weight
    color.2 += (paint.base.z - color.2) * weight
  }
}

/// 1 where `value` lies between an even number and the next odd one, −1 elsewhere, with edges one pixel wide.
///
/// - Parameter pixels: px per unit of `value`.
@inline(__always)
func squareWave(_ value: Lanes, pixels: Float) -> Lanes {
  let half: Lanes = value * 0.5 + 0.25
  let phase: Lanes = half - half.floor
  let inside: Lanes = 0.25 - (phase - 0.5).magnitude
  return (inside * (4 * pixels)).limited(-1, 1)
}

/// How far along a gradient a point is, 0 … 1.
private struct Ramp {
  let x: Float
  let y: Float
  let start: Float

  init(_ gradient: Background.Gradient, in bounds: WorldRectangle) {
    let (near, far) = gradient.span(in: bounds)
    let run = far - near
    x = Float(run.x / run.lengthSquared)
    y = Float(run.y / run.lengthSquared)
    start = Float(-near.dot(run) / run.lengthSquared)
  }

  @inline(__always)
  func amount(_ worldX: Lanes, _ worldY: Lanes) -> Lanes { (worldX * x + worldY * y + start).limited(0, 1) }
}
