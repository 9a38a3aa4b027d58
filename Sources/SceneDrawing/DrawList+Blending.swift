// Pictures between two control steps, so that 10 Hz of control look smooth at 60 frames a second.

import PlanarCore

extension DrawList {
  /// The picture `fraction` of the way to `later`: 0 gives `self`, 1 gives `later`.
  ///
  /// Items correspond by their index in the list; where the lists differ in kind or number, `later` is given.
  /// Background, light and exposure are those of `later`.
  public func blended(with later: DrawList, by fraction: Double) -> DrawList {
    guard items.count == later.items.count, fraction < 1 else { return later }
    var result = later
    for index in items.indices {
      result.items[index] = items[index].blended(with: later.items[index], by: fraction)
    }
    return result
  }
}

extension DrawItem {
  /// Moves positions and radii; colours, widths and words are those of `later`.
  fileprivate func blended(with later: DrawItem, by fraction: Double) -> DrawItem {
    func mix(_ a: Vec2, _ b: Vec2) -> Vec2 { a + (b - a) * fraction }
    func mix(_ a: [Vec2], _ b: [Vec2]) -> [Vec2] { zip(a, b).map { mix($0, $1) } }
    func mix(_ a: Relief?, _ b: Relief?) -> Relief? {
      guard let a, var b else { return b }
      b.center = mix(a.center, b.center)
      return b
    }
    switch (self, later) {
    case (.disc(let a, let r, _, _, let from), .disc(let b, let s, let fill, let outline, let to)):
      return .disc(
        center: mix(a, b), radius: r + (s - r) * fraction, fill: fill, outline: outline,
        relief: mix(from, to))
    case (.polygon(let a, _, _, let from), .polygon(let b, let fill, let outline, let to))
    where a.count == b.count:
      return .polygon(mix(a, b), fill: fill, outline: outline, relief: mix(from, to))
    case (.polyline(let a, _, _, _), .polyline(let b, let width, let color, let rounded))
    where a.count == b.count:
      return .polyline(mix(a, b), width: width, color: color, roundedCaps: rounded)
    case (.text(_, let a, _, _, _), .text(let words, let b, let height, let color, let anchor)):
      return .text(words, at: mix(a, b), height: height, color: color, anchor: anchor)
    default: return later
    }
  }
}
