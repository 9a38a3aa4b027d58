// Discs, polygons and lines by their signed distances.

import CPlanarLanes
import PlanarCore

/// How the border of a shape becomes paint.
struct Stroke {
  var fill: Paint
  /// The line along the border, painted over the fill.
  var outline: Paint?
  /// Half the outline's width, px.
  var halfWidth: Float = 0
  /// Over how many px beyond the border the fill fades; 0 for a sharp edge.
  var softness: Float = 0

  /// How far beyond the border anything is painted, px.
  var reach: Float { max(halfWidth, softness) + 0.5 }
}

extension Raster {
  /// A disc; lengths in px.
  func paintDisc(center: SIMD2<Float>, radius: Float, _ stroke: Stroke) {
    let half = SIMD2(repeating: radius)
    let box = PixelBox(min: center - half, max: center + half, reach: stroke.reach, in: self)
    paint(box, stroke, thickness: 2 * radius) { x, y in
      let dx: Lanes = x - center.x
      let dy: Float = y - center.y
      let squared: Lanes = dx * dx + dy * dy
      return planar_lanes_square_root(squared) - radius
    }
  }

  /// A convex polygon of at least three corners, px, in either order.
  ///
  /// Distance is that from the farthest border. Beyond corners that would be less than the distance from the corner, so
  /// that wide outlines and shadows had long tips: a border without length that halves each corner cuts them.
  func paintPolygon(_ points: [Vec2], _ map: PixelMap, offset: Vec2 = .zero, _ stroke: Stroke) {
    guard points.count >= 3 else { return }
    var low = SIMD2<Float>(repeating: .infinity)
    var high = -low
    var doubleArea: Float = 0
    var count = 0
    func add(_ normal: SIMD2<Float>, through point: SIMD2<Float>) {
      guard count < Raster.edgeCapacity else { return }
      self.edges[count] = SIMD3(normal.x, normal.y, normal.x * point.x + normal.y * point.y)
      count += 1
    }
    let cutsCorners = stroke.reach > 1.5
    var previous = map(points[points.count - 1] + offset)
    var previousNormal: SIMD2<Float>?
    for index in 0...points.count {
      let isAgain = index == points.count
      let corner = map(points[isAgain ? 0 : index] + offset)
      let side = corner - previous
      let length = (side.x * side.x + side.y * side.y).squareRoot()
      if length > 1e-6 {
        let normal = SIMD2(side.y, -side.x) / length
        if cutsCorners, let before = previousNormal {
          let halving = before + normal
          let size = (halving.x * halving.x + halving.y * halving.y).squareRoot()
          if size > 1e-3 { add(halving / size, through: previous) }
        }
        previousNormal = normal
        if !isAgain { add(normal, through: corner) }
      }
      if !isAgain {
        low = pointwiseMin(low, corner)
        high = pointwiseMax(high, corner)
        doubleArea += previous.x * corner.y - previous.y * corner.x
      }
      previous = corner
    }
    guard count >= 3 else { return }
    if doubleArea < 0 { for index in 0..<count { edges[index] = -edges[index] } }
    let diagonal = high - low
    let extent = (diagonal.x * diagonal.x + diagonal.y * diagonal.y).squareRoot()
    let box = PixelBox(min: low, max: high, reach: stroke.reach, in: self)
    let edges = UnsafePointer(self.edges)
    paint(box, stroke, thickness: abs(doubleArea) / max(extent, 1e-6)) { x, y in
      var distance: Lanes = x * edges[0].x + (edges[0].y * y - edges[0].z)
      for index in 1..<count {
        let edge = edges[index]
        let other: Lanes = x * edge.x + (edge.y * y - edge.z)
        distance = planar_lanes_maximum(distance, other)
      }
      return distance
    }
  }

  /// A line of `width` px through points; where its parts overlap it is painted once.
  func paintLine(
    _ points: [Vec2], _ map: PixelMap, width: Float, roundedCaps: Bool, _ paint: Paint
  ) {
    guard points.count >= 2 || roundedCaps, let first = points.first else { return }
    var touched: PixelBox?
    var from = map(first)
    for index in (points.count == 1 ? 0 : 1)..<points.count {
      let to = map(points[index])
      let isCutAtStart = !roundedCaps && index == 1
      let isCutAtEnd = !roundedCaps && index == points.count - 1
      let box = cover(from: from, to: to, radius: width / 2, isCutAtStart, isCutAtEnd)
      if !box.isEmpty {
        if touched == nil { touched = box } else { touched!.formUnion(box) }
      }
      from = to
    }
    if let touched { paintMask(in: touched, paint) }
  }

  /// Marks in the mask what one piece of a line covers.
  private func cover(
    from: SIMD2<Float>, to: SIMD2<Float>, radius: Float, _ isCutAtStart: Bool, _ isCutAtEnd: Bool
  ) -> PixelBox {
    let way = to - from
    let length = (way.x * way.x + way.y * way.y).squareRoot()
    let unit = length > 1e-6 ? way / length : SIMD2(1, 0)
    let box = PixelBox(
      min: pointwiseMin(from, to), max: pointwiseMax(from, to), reach: radius + 0.5, in: self)
    let thickness = min(1, 2 * radius)
    let low: Float = isCutAtStart ? -.greatestFiniteMagnitude : 0
    let high: Float = isCutAtEnd ? .greatestFiniteMagnitude : length
    walk(box) { index, x, y in
      let dx: Lanes = x - from.x
      let dy: Float = y - from.y
      let along: Lanes = dx * unit.x + dy * unit.y
      let across: Lanes = dy * unit.x - dx * unit.y
      let beyond: Lanes = along - along.limited(low, high)
      let squared: Lanes = across * across + beyond * beyond
      var distance: Lanes = planar_lanes_square_root(squared) - radius
      if isCutAtStart { distance = planar_lanes_maximum(distance, -along) }
      if isCutAtEnd { distance = planar_lanes_maximum(distance, along - length) }
      let cover: Lanes = (0.5 - distance).limited(0, thickness)
      mask.store(planar_lanes_maximum(mask.lanes(at: index), cover), at: index)
    }
    return box
  }

  private func paintMask(in box: PixelBox, _ paint: Paint) {
    walk(box) { index, x, y in
      let cover = mask.lanes(at: index)
      mask.store(.zero, at: index)
      blend(paint, cover: cover, at: index, x: x, y: y)
    }
  }

  /// Fill and outline of a shape that is given by its signed distance, px.
  @inline(__always)
  private func paint(
    _ box: PixelBox, _ stroke: Stroke, thickness: Float, distance: (Lanes, Float) -> Lanes
  ) {
    // Thinner than a pixel, a shape covers less of it than its borders alone would tell.
    let most = min(1, thickness)
    let mostOfLine = min(1, 2 * stroke.halfWidth)
    let fade = 1 / max(1, stroke.softness)
    let outset = stroke.softness / 2
    walk(box) { index, x, y in
      let d = distance(x, y)
      if stroke.fill.alpha > 0 {
        let cover: Lanes = (0.5 - (d - outset) * fade).limited(0, most)
        blend(stroke.fill, cover: cover, at: index, x: x, y: y)
      }
      if let outline = stroke.outline {
        let cover: Lanes = (0.5 + stroke.halfWidth - d.magnitude).limited(0, mostOfLine)
        blend(outline, cover: cover, at: index, x: x, y: y)
      }
    }
  }

  /// Visits a box's rows in steps of sixteen pixels: the index of the first, their middles, the row's middle.
  @inline(__always)
  func walk(_ box: PixelBox, _ body: (_ index: Int, _ x: Lanes, _ y: Float) -> Void) {
    guard !box.isEmpty else { return }
    for row in box.top..<box.bottom {
      var column = box.left
      while column < box.right {
        body(row * stride + column, Lanes.middles + Float(column), Float(row) + 0.5)
        column += 16
      }
    }
  }
}
