// What a shape is filled with: one colour, or one that changes linearly over the picture.

import PlanarCore

/// A colour per pixel, channels 0 … 255: `base + dx·x + dy·y`, limited to that range.
struct Paint {
  var base: SIMD3<Float>
  var dx: SIMD3<Float> = .zero
  var dy: SIMD3<Float> = .zero
  var alpha: Float
  var isFlat: Bool

  /// One colour.
  init(_ color: Color) {
    base = color.channels.clamped(lowerBound: .zero, upperBound: SIMD3(repeating: 255))
    alpha = color.alpha
    isFlat = true
  }

  /// A colour that is linear in the pixel's position, px.
  init(at color: (Vec2) -> Color) {
    let reach: Float = 64
    let origin = color(.zero)
    base = origin.channels
    dx = (color(Vec2(Double(reach), 0)).channels - base) / reach
    dy = (color(Vec2(0, Double(reach))).channels - base) / reach
    alpha = origin.alpha
    isFlat = false
  }
}

extension Color {
  /// Red, green, blue, 0 … 255.
  var channels: SIMD3<Float> { SIMD3(red, green, blue) * 255 }
}

extension Raster {
  /// Paints over sixteen pixels; `cover` is how much of each the shape covers.
  @inline(__always)
  func blend(_ paint: Paint, cover: Lanes, at index: Int, x: Lanes, y: Float) {
    let weight: Lanes = cover * paint.alpha
    mix(paint, 0, weight, index, x, y)
    mix(paint, 1, weight, index + planeSize, x, y)
    mix(paint, 2, weight, index + 2 * planeSize, x, y)
  }

  @inline(__always)
  private func mix(
    _ paint: Paint, _ channel: Int, _ weight: Lanes, _ index: Int, _ x: Lanes, _ y: Float
  ) {
    let below = red.lanes(at: index)
    if paint.isFlat {
      red.store(below + (paint.base[channel] - below) * weight, at: index)
    } else {
      let start: Float = paint.base[channel] + paint.dy[channel] * y
      let value: Lanes = (x * paint.dx[channel] + start).limited(0, 255)
      red.store(below + (value - below) * weight, at: index)
    }
  }
}
