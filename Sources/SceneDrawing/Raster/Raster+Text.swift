// Lines of text, whose letters are rasterised once per text and size.

import PlanarCore

/// Rasterised lines of text by content and size, so that a label costs a picture no fonts.
struct TextStamps {
  private struct Key: Hashable {
    var text: String
    var size: Double
  }

  private var bitmaps: [Key: TextBitmap] = [:]
  /// Cameras whose zoom changes with every episode ask for ever new sizes.
  private static let capacity = 128

  /// - Parameter size: px of the em
  mutating func bitmap(of text: String, size: Double) -> TextBitmap {
    let key = Key(text: text, size: size)
    if let known = bitmaps[key] { return known }
    if bitmaps.count >= Self.capacity { bitmaps.removeAll(keepingCapacity: true) }
    let bitmap = TextBitmap(text, size: size)
    bitmaps[key] = bitmap
    return bitmap
  }
}

extension TextBitmap {
  /// Where a text's anchor lies in its bitmap, px.
  package func anchor(_ anchor: TextAnchor) -> Vec2 {
    let share =
      switch anchor {
      case .leading: 0.0
      case .center: 0.5
      case .trailing: 1.0
      }
    return Vec2(Double(Self.margin) + advance * share, baseline - capitalHeight / 2)
  }
}

extension Raster {
  /// Paints a bitmap whose `anchor` stands at `position`, px, and whose lines run along `axis`, a unit vector.
  ///
  /// Upright text is moved by less than a pixel, so that its letters keep their sharpness.
  func paintText(
    _ bitmap: TextBitmap, anchor: Vec2, at position: Vec2, axis: Vec2, _ paint: Paint
  ) {
    let isUpright = axis == Vec2(1, 0)
    let corner = position - axis * anchor.x - axis.perpendicular * anchor.y
    let origin = isUpright ? Vec2(corner.x.rounded(), corner.y.rounded()) : corner
    let right = axis * Double(bitmap.width)
    let down = axis.perpendicular * Double(bitmap.height)
    var low = SIMD2<Float>(repeating: .infinity)
    var high = -low
    for point in [origin, origin + right, origin + down, origin + right + down] {
      low = pointwiseMin(low, SIMD2(Float(point.x), Float(point.y)))
      high = pointwiseMax(high, SIMD2(Float(point.x), Float(point.y)))
    }
    let box = PixelBox(min: low, max: high, reach: isUpright ? 0 : 1, in: self)
    guard !box.isEmpty else { return }
    for row in box.top..<box.bottom {
      for column in box.left..<box.right {
        let offset = Vec2(Double(column) + 0.5, Double(row) + 0.5) - origin
        let cover = bitmap.cover(at: Vec2(offset.dot(axis), offset.dot(axis.perpendicular)))
        guard cover > 0 else { continue }
        let weight = cover * paint.alpha
        for channel in 0..<3 {
          let index = row * stride + column + channel * planeSize
          red[index] += (paint.base[channel] - red[index]) * weight
        }
      }
    }
  }
}

extension TextBitmap {
  /// How much of a pixel around `point` is covered, 0 … 1, between the four nearest pixels' middles.
  fileprivate func cover(at point: Vec2) -> Float {
    let x = point.x - 0.5
    let y = point.y - 0.5
    let (column, row) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
    let (u, v) = (Float(x - Double(column)), Float(y - Double(row)))
    func pixel(_ column: Int, _ row: Int) -> Float {
      guard column >= 0, row >= 0, column < width, row < height else { return 0 }
      return Float(coverage[row * width + column]) / 255
    }
    let upper = pixel(column, row) * (1 - u) + pixel(column + 1, row) * u
    let lower = pixel(column, row + 1) * (1 - u) + pixel(column + 1, row + 1) * u
    return upper * (1 - v) + lower * v
  }
}
