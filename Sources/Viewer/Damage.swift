// What of a picture must be drawn anew, because it is other than in the last one.

import PlanarCore
import PlanarSceneDrawing

/// All that a picture of the window depends on.
struct WindowFrame: Equatable {
  var scene: DrawList
  var overlay: [DrawItem]
  var pose: CameraPose
  var panel: PanelModel
  var visible: WorldRectangle?
  var picture: SidePicture?
  /// Where the pointer is, px, while it is over the panel.
  var pointer: Vec2
  /// How far the panel is scrolled up, px.
  var scroll: Double
  var theme: WindowTheme
  var width: Int
  var height: Int
  /// px per point
  var scale: Double
}

/// Where everything stands in a window.
struct WindowLayout {
  let stage: PixelRectangle
  let side: PixelRectangle
  let parts: StageLayout
  let view: SceneView
  /// The bar of time, where there is one.
  let timelineBar: PixelRectangle

  init(_ frame: WindowFrame) {
    let (width, height, scale) = (Double(frame.width), Double(frame.height), frame.scale)
    let panelWidth = min((Theme.panelWidth * scale).rounded(), width * 0.6)
    stage = PixelRectangle(x: 0, y: 0, width: width - panelWidth, height: height)
    side = PixelRectangle(x: stage.width, y: 0, width: panelWidth, height: height)
    parts = StageLayout(
      stage, scale: scale, hasBanner: frame.panel.banner != nil, timeline: frame.panel.timeline,
      picture: frame.picture?.image)
    view = SceneView(
      bounds: frame.visible ?? frame.scene.bounds, area: parts.scene.inset(by: (28 * scale).rounded()), pose: frame.pose
    )
    timelineBar = TimelinePainter.bar(in: parts.timeline, scale: scale)
  }
}

extension WindowFrame {
  /// The areas in which the picture may be other than the last one; all of it where there is none.
  ///
  /// - Parameter width: how wide a text of a size is, px.
  func damage(
    since last: WindowFrame?, _ layout: WindowLayout, width textWidth: (String, Double) -> Double
  ) -> [PixelArea] {
    let all = PixelArea(x: 0, y: 0, width: width, height: height)
    guard let last, (last.width, last.height, last.scale, last.theme) == (width, height, scale, theme),
      panel.card == nil, last.panel.card == nil
    else { return [all] }
    var areas: [PixelArea] = []
    if last.sideParts != sideParts || last.pointer != pointer || last.scroll != scroll {
      areas.append(PixelArea(rounding: layout.side))
    }
    let earlier = WindowLayout(last)
    guard last.stageParts == stageParts, earlier.parts == layout.parts, last.panel.banner == panel.banner,
      last.picture == picture
    else { return areas + [PixelArea(rounding: layout.stage)] }
    if last.panel.timeline != panel.timeline { areas.append(PixelArea(rounding: layout.parts.timeline)) }
    return areas
      + layout.view.damage(from: (last.scene, last.overlay), to: (scene, overlay), width: textWidth)
  }

  /// The panel without what stands on the stage.
  private var sideParts: PanelModel {
    var side = panel
    (side.banner, side.timeline, side.badge) = (nil, nil, nil)
    return side
  }

  /// What the whole stage depends on.
  private var stageParts: StageParts {
    StageParts(
      bounds: scene.bounds, background: scene.background, light: scene.light, exposure: scene.exposure, pose: pose,
      visible: visible)
  }

  private struct StageParts: Equatable {
    var bounds: WorldRectangle
    var background: Background
    var light: Light?
    var exposure: Exposure
    var pose: CameraPose
    var visible: WorldRectangle?
  }
}

extension SceneView {
  /// The areas in which two pictures of the same table may differ.
  ///
  /// - Parameter width: how wide a text of a size is, px.
  func damage(
    from old: (scene: DrawList, overlay: [DrawItem]), to new: (scene: DrawList, overlay: [DrawItem]),
    width: (String, Double) -> Double
  ) -> [PixelArea] {
    var tiles = DamageTiles(of: PixelArea(rounding: table))
    func add(_ item: DrawItem, _ light: Light?) {
      // Smoothed edges reach a pixel farther.
      for bounds in bounds(of: item, light, width: width) { tiles.mark(PixelArea(around: bounds, margin: 2)) }
    }
    func compare(_ old: [DrawItem], _ new: [DrawItem], _ light: Light?) {
      for place in 0..<max(old.count, new.count) {
        let before = place < old.count ? old[place] : nil
        let after = place < new.count ? new[place] : nil
        guard before != after else { continue }
        if let before { add(before, light) }
        if let after { add(after, light) }
      }
    }
    compare(old.scene.items, new.scene.items, new.scene.light)
    compare(old.overlay, new.overlay, nil)
    return tiles.areas
  }

  /// Rectangles that together hold an item, its shadow with it.
  private func bounds(of item: DrawItem, _ light: Light?, width: (String, Double) -> Double) -> [PixelRectangle] {
    switch item {
    case .disc(let center, let radius, _, let outline, let relief):
      let half = radius + (outline?.width ?? 0)
      return shadowed(PixelRectangle(around: [project(center)], margin: half * scale), relief, light)
    case .polygon(let corners, _, let outline, let relief):
      // The corners of a wide outline stick out.
      return shadowed(
        PixelRectangle(around: corners.map(project), margin: 2 * (outline?.width ?? 0) * scale), relief, light)
    case .polyline(let path, let width, _, _):
      return zip(path, path.dropFirst()).flatMap {
        pieces(from: project($0), to: project($1), margin: 2 * width * scale)
      }
    case .text(let text, let place, let height, _, _):
      return [PixelRectangle(around: [project(place)], margin: width(text, height * scale) + 2 * height * scale)]
    }
  }

  /// A slanted line needs less room in pieces.
  private func pieces(from: Vec2, to: Vec2, margin: Double) -> [PixelRectangle] {
    let length = (to - from).length
    guard length.isFinite, length < 1e5 else { return [PixelRectangle(around: [from, to], margin: margin)] }
    let count = Int(length / Double(DamageTiles.side)) + 1
    return (0..<count).map { piece in
      let ends = [piece, piece + 1].map { from + (to - from) * (Double($0) / Double(count)) }
      return PixelRectangle(around: ends, margin: margin)
    }
  }

  private func shadowed(_ rectangle: PixelRectangle, _ relief: Relief?, _ light: Light?) -> [PixelRectangle] {
    guard let relief, let light, let shadow = light.shadow else { return [rectangle] }
    let way = project(light.shadowOffset(of: relief)) - project(.zero)
    let cast = PixelRectangle(
      x: rectangle.min.x + way.x, y: rectangle.min.y + way.y, width: rectangle.width, height: rectangle.height)
    return [rectangle, cast.inset(by: -2 * shadow.softness * scale)]
  }
}

/// Squares of an area, of which some must be drawn anew.
struct DamageTiles {
  /// px; software renderers work on squares of this size.
  static let side = 64

  private let area: PixelArea
  private let columns: Int
  private var marks: [Bool]

  init(of area: PixelArea) {
    self.area = area
    columns = (area.width + Self.side - 1) / Self.side
    marks = Array(repeating: false, count: columns * ((area.height + Self.side - 1) / Self.side))
  }

  mutating func mark(_ part: PixelArea) {
    let seen = part.intersection(area)
    guard !seen.isEmpty else { return }
    for row in (seen.y - area.y) / Self.side...(seen.y + seen.height - 1 - area.y) / Self.side {
      for column in (seen.x - area.x) / Self.side...(seen.x + seen.width - 1 - area.x) / Self.side {
        marks[row * columns + column] = true
      }
    }
  }

  /// The marked squares as few rectangles: runs of a row, and equal runs of rows below each other.
  var areas: [PixelArea] {
    var areas: [PixelArea] = []
    var above: [Range<Int>: Int] = [:]
    for row in 0..<(columns == 0 ? 0 : marks.count / columns) {
      var runs: [Range<Int>: Int] = [:]
      var column = 0
      while column < columns {
        let first = column
        while column < columns, marks[row * columns + column] { column += 1 }
        if column > first {
          let run = first..<column
          if let place = above[run] {
            areas[place].height += Self.side
            runs[run] = place
          } else {
            areas.append(
              PixelArea(
                x: area.x + first * Self.side, y: area.y + row * Self.side, width: run.count * Self.side,
                height: Self.side))
            runs[run] = areas.count - 1
          }
        }
        column += 1
      }
      above = runs
    }
    return areas.map { $0.intersection(area) }
  }
}

extension PixelRectangle {
  /// The smallest around points, and a margin; nothing at the origin without points.
  init(around points: [Vec2], margin: Double) {
    var (low, high) = (points.first ?? .zero, points.first ?? .zero)
    for point in points {
      low = Vec2(Swift.min(low.x, point.x), Swift.min(low.y, point.y))
      high = Vec2(Swift.max(high.x, point.x), Swift.max(high.y, point.y))
    }
    self.init(
      x: low.x - margin, y: low.y - margin, width: high.x - low.x + 2 * margin, height: high.y - low.y + 2 * margin)
  }
}
