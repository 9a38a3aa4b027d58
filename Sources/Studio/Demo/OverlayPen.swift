// How lines and words over the scene are drawn, so that they can be read on anything that lies below.

import PlanarCore
import PlanarSceneDrawing

/// Draws over a scene, in sizes that suit it.
struct OverlayPen {
  /// A hundredth of the scene's height, m.
  let size: Double
  /// All of the scene, m.
  let bounds: WorldRectangle

  static let halo = Color.white.opacity(0.7)

  init(bounds: WorldRectangle) {
    self.bounds = bounds
    size = bounds.height / 100
  }

  /// A line with a light rim.
  func line(_ path: [Vec2], width: Double, color: Color) -> [DrawItem] {
    guard path.count > 1 else { return [] }
    return [
      .polyline(path, width: size * (width + 0.35), color: Self.halo.opacity(0.6 * color.alpha)),
      .polyline(path, width: size * width, color: color),
    ]
  }

  /// A line of dashes, one for each step of a path.
  func dashes(_ path: [Vec2], width: Double, color: Color) -> [DrawItem] {
    zip(path, path.dropFirst()).filter { $0 != $1 }.flatMap { from, to in
      line([from + (to - from) * 0.15, from + (to - from) * 0.7], width: width, color: color)
    }
  }

  /// A circle around a place.
  func ring(at center: Vec2, radius: Double, color: Color) -> [DrawItem] {
    [
      .disc(
        center: center, radius: size * radius, fill: .clear,
        outline: Outline(color: Self.halo, width: size * 0.75)),
      .disc(
        center: center, radius: size * radius, fill: .clear, outline: Outline(color: color, width: size * 0.4)),
    ]
  }

  /// Lines of words in the scene's upper left corner, one below the other.
  func captions(_ lines: [(text: String, color: Color)]) -> [DrawItem] {
    let height = size * 2.7
    return lines.enumerated().flatMap { row, line -> [DrawItem] in
      let middle = Vec2(bounds.min.x + size * 2, bounds.max.y - height * (0.9 + 1.3 * Double(row)))
      let box = WorldRectangle(
        min: middle - Vec2(size, height * 0.65),
        max: middle + Vec2(height * 0.55 * Double(line.text.count) + size, height * 0.65))
      return [
        .polygon(box.corners, fill: Color.white.opacity(0.85)),
        .text(line.text, at: middle, height: height, color: line.color, anchor: .leading),
      ]
    }
  }
}

/// The colours of what is drawn over scenes: none that an object has.
enum OverlayInk {
  static let chunk = Color(hex: 0xb5126f)
  static let fan = Color(hex: 0x6a3fb5)
  static let ghost = Color(hex: 0x0b6b78)
  static let gaze = Color(hex: 0x8a4a00)
  static let past = Color(hex: 0x50565e)
  static let hand = Color(hex: 0x2f6db5)
}
