// Where several scenes lie beside each other.

import PlanarCore
import PlanarSceneDrawing
import PlanarViewer

/// A grid of tables of one size, each with its title above it; a single one stands alone, without a title.
///
/// ```
///   title 0    title 1
///   table 0    table 1
///   title 2
///   table 2
/// ```
struct LaneLayout {
  let count: Int
  /// Of a scene by itself, m.
  let table: WorldRectangle
  /// What the strips between the tables suit.
  var theme = WindowTheme.light

  /// At most so many scenes are shown.
  static let most = 4

  private var columns: Int { min(count, 2) }
  private var rows: Int { (count + 1) / 2 }
  private var titleHeight: Double { count > 1 ? table.height * 0.08 : 0 }
  private var gap: Double { table.width * 0.02 }
  private var pitch: Vec2 { Vec2(table.width + gap, table.height + titleHeight + gap) }

  /// Everything, m.
  var bounds: WorldRectangle {
    let far = Vec2(Double(columns - 1) * pitch.x, -Double(rows - 1) * pitch.y)
    return WorldRectangle(
      min: Vec2(table.min.x, table.min.y + far.y), max: Vec2(table.max.x + far.x, table.max.y + titleHeight))
  }

  /// How far a lane's table lies from where it is by itself, m.
  func offset(of lane: Int) -> Vec2 { Vec2(Double(lane % 2) * pitch.x, -Double(lane / 2) * pitch.y) }

  /// The lane whose table holds a point, m; nil beside all of them.
  func lane(at point: Vec2) -> Int? {
    (0..<count).first { lane in
      table.contains(point - offset(of: lane))
    }
  }

  /// The scenes as one.
  func scene(of lanes: [DrawList]) -> DrawList {
    guard count > 1 else { return lanes[0] }
    var list = lanes[0]
    list.bounds = bounds
    list.items = lanes.indices.flatMap { placed(lanes[$0].items, in: $0) } + frame
    return list
  }

  /// Items of a lane's own scene where they lie among the others.
  func placed(_ items: [DrawItem], in lane: Int) -> [DrawItem] {
    guard count > 1 else { return items }
    let way = offset(of: lane)
    return items.map { $0.kept(inside: table).moved(by: way) }
  }

  /// A lane's title, above its table.
  ///
  /// - Parameters:
  ///   - detail: a few words at the right.
  ///   - isFocused: whether keys choose this lane's policy.
  func title(of lane: Int, _ text: String, detail: String, isFocused: Bool) -> [DrawItem] {
    guard count > 1 else { return [] }
    let corner = table.min + offset(of: lane)
    let middle = corner.y + table.height + titleHeight / 2
    let size = titleHeight * 0.52
    let palette = theme.palette
    let ink = isFocused ? palette.accent : palette.quiet
    return [
      .text(text, at: Vec2(corner.x + size * 0.4, middle), height: size, color: ink, anchor: .leading),
      .text(
        detail, at: Vec2(corner.x + table.width - size * 0.4, middle), height: size * 0.85, color: palette.quiet,
        anchor: .trailing),
    ]
  }

  /// Covers what lies between the tables.
  private var frame: [DrawItem] {
    let all = bounds
    func strip(_ from: Vec2, _ to: Vec2) -> DrawItem {
      .polygon(WorldRectangle(min: from, max: to).corners, fill: theme.palette.surround)
    }
    var strips = [strip(Vec2(table.max.x, all.min.y), Vec2(table.max.x + gap, all.max.y))]
    for row in 0..<rows {
      let top = table.max.y - Double(row) * pitch.y
      strips.append(strip(Vec2(all.min.x, top), Vec2(all.max.x, top + titleHeight + (row > 0 ? gap : 0))))
    }
    if count % 2 == 1 {
      let empty = table.min + offset(of: count)
      strips.append(strip(empty, Vec2(all.max.x, empty.y + table.height)))
    }
    return strips
  }
}
