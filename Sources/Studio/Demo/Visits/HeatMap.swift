// How often places of the table are visited: by demonstrations, and by a driver where they do not go.

import PlanarCore
import PlanarSceneDrawing

/// The table in cells.
struct HeatMap {
  private let bounds: WorldRectangle
  private let rows: Int
  /// `[row · column]`, visits by demonstrations.
  private let shown: [Int]
  /// `[row · column]`, visits by the driver.
  private let own: [Int]
  /// Of the demonstrations' visits, those to cells that no other demonstration comes to.
  let shareOfDemonstrationsAlone: Double

  private static let columns = 36
  private static let levels = 4

  /// - Parameter driver: nil where it is not known, or nobody else drives.
  init(demonstrations: Visits, driver: Visits?, in bounds: WorldRectangle) {
    self.bounds = bounds
    let rows = max(1, Int((Double(Self.columns) * bounds.height / bounds.width).rounded()))
    self.rows = rows
    func cell(_ tip: Vec2) -> Int? {
      guard bounds.contains(tip) else { return nil }
      let column = min(Self.columns - 1, Int((tip.x - bounds.min.x) / bounds.width * Double(Self.columns)))
      return min(rows - 1, Int((tip.y - bounds.min.y) / bounds.height * Double(rows))) * Self.columns + column
    }
    var counts = Array(repeating: 0, count: Self.columns * rows)
    var visitors = Array(repeating: Set<Int>(), count: counts.count)
    for (episode, tips) in demonstrations.tips.enumerated() {
      for cell in tips.compactMap(cell) {
        counts[cell] += 1
        visitors[cell].insert(episode)
      }
    }
    var driven = Array(repeating: 0, count: counts.count)
    for cell in driver?.tips.joined().compactMap(cell) ?? [] { driven[cell] += 1 }
    (shown, own) = (counts, driven)
    let alone = counts.indices.reduce(0) { $0 + (visitors[$1].count == 1 ? counts[$1] : 0) }
    shareOfDemonstrationsAlone = Double(alone) / Double(max(1, counts.reduce(0, +)))
  }

  /// Of the driver's visits, those to cells that no demonstration comes to; nil where it visits nothing.
  var shareOfDriverOutside: Double? {
    let all = own.reduce(0, +)
    guard all > 0 else { return nil }
    return Double(own.indices.reduce(0) { $0 + (shown[$1] == 0 ? own[$1] : 0) }) / Double(all)
  }

  /// Demonstrations in one colour; in another the driver, where no demonstration goes.
  var items: [DrawItem] {
    let outside = own.indices.map { shown[$0] == 0 ? own[$0] : 0 }
    return items(shown, ink: OverlayInk.ghost, strength: 0.09) + items(outside, ink: OverlayInk.chunk, strength: 0.16)
  }

  /// Cells of one strength that lie side by side are one item.
  private func items(_ counts: [Int], ink: Color, strength: Float) -> [DrawItem] {
    // A few cells in which everybody waits do not make all others faint.
    let visited = counts.filter { $0 > 0 }.sorted()
    guard !visited.isEmpty else { return [] }
    let much = Double(visited[visited.count * 9 / 10])
    let levels = counts.map { count in
      count == 0 ? 0 : min(Self.levels, 1 + Int((Double(count) / much).squareRoot() * Double(Self.levels - 1)))
    }
    let cell = Vec2(bounds.width / Double(Self.columns), bounds.height / Double(rows))
    var items: [DrawItem] = []
    for row in 0..<rows {
      var first = 0
      for column in 1...Self.columns {
        let level = levels[row * Self.columns + first]
        if column < Self.columns, levels[row * Self.columns + column] == level { continue }
        if level > 0 {
          let corner = bounds.min + Vec2(Double(first) * cell.x, Double(row) * cell.y)
          let box = WorldRectangle(min: corner, max: corner + Vec2(Double(column - first) * cell.x, cell.y))
          items.append(.polygon(box.corners, fill: ink.opacity(strength * Float(level))))
        }
        first = column
      }
    }
    return items
  }
}
