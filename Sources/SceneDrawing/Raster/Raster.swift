// The picture while it is drawn: three planes of floats, sixteen pixels of a row at a time.
//
// cairo was measured first: it drew a shaded 64×64 scene 5,400 times a second, a third of that time going into outlines.
// Here a shape is a signed distance from its border per pixel, positive outside, from which fill, outline and soft
// shadow follow by a few vector operations each; every pixel's arithmetic is the same on every machine and thread.

import CPlanarLanes
import PlanarCore

/// Sixteen neighbouring pixels of a row, or their coordinates.
typealias Lanes = SIMD16<Float>

/// Red, green and blue planes, 0 … 255, of the part of a picture between its bars, and what shapes are drawn with.
///
/// Rows are `stride` floats apart, with at least sixteen more than there are pixels, so that the last sixteen pixels
/// of a shape may run over the picture's edge. A value that points into the memory of a `RasterMemory`.
struct Raster {
  let width: Int
  let height: Int
  let stride: Int
  let planeSize: Int
  /// What is drawn on; green and blue follow at `planeSize` and twice that.
  let red: UnsafeMutablePointer<Float>
  /// The table without items, kept from picture to picture; three planes likewise.
  let table: UnsafeMutablePointer<Float>
  /// How much of each pixel a shape of several parts covers; all zero between shapes.
  let mask: UnsafeMutablePointer<Float>
  /// Borders of the polygon that is drawn: unit normal outwards, distance of the origin.
  let edges: UnsafeMutablePointer<SIMD3<Float>>
  /// How many borders there is room for: a polygon with more is drawn with these.
  static let edgeCapacity = 256

  fileprivate init(width: Int, height: Int) {
    self.width = width
    self.height = height
    stride = (width + 31) / 16 * 16
    planeSize = stride * height
    red = .allocate(capacity: 3 * planeSize)
    table = .allocate(capacity: 3 * planeSize)
    mask = .allocate(capacity: planeSize)
    edges = .allocate(capacity: Raster.edgeCapacity)
    red.initialize(repeating: 0, count: 3 * planeSize)
    table.initialize(repeating: 0, count: 3 * planeSize)
    mask.initialize(repeating: 0, count: planeSize)
  }

  fileprivate func deallocate() {
    for plane in [red, table, mask] { plane.deallocate() }
    edges.deallocate()
  }

  /// Starts a picture with the table alone.
  func clearToTable() { red.update(from: table, count: 3 * planeSize) }
}

/// Owns a raster's memory.
final class RasterMemory {
  private(set) var raster = Raster(width: 1, height: 1)

  deinit { raster.deallocate() }

  /// Makes room for a picture; what was drawn is lost where the size changes, which is then answered by true.
  func resize(width: Int, height: Int) -> Bool {
    guard (width, height) != (raster.width, raster.height) else { return false }
    raster.deallocate()
    raster = Raster(width: width, height: height)
    return true
  }
}

/// A rectangle of whole pixels within a raster: columns `left ..< right`, rows `top ..< bottom`.
struct PixelBox {
  var left: Int
  var top: Int
  var right: Int
  var bottom: Int

  /// The pixels of `raster` that a rectangle touches, or that are no farther than `reach` px from it.
  init(min low: SIMD2<Float>, max high: SIMD2<Float>, reach: Float, in raster: Raster) {
    // In this order of arguments, what is no number becomes a bound.
    func limited(_ value: Float, _ bound: Int) -> Int { Int(max(0, min(Float(bound), value))) }
    left = limited((low.x - reach).rounded(.down), raster.width)
    top = limited((low.y - reach).rounded(.down), raster.height)
    right = limited((high.x + reach).rounded(.up), raster.width)
    bottom = limited((high.y + reach).rounded(.up), raster.height)
  }

  var isEmpty: Bool { left >= right || top >= bottom }

  mutating func formUnion(_ other: PixelBox) {
    left = min(left, other.left)
    top = min(top, other.top)
    right = max(right, other.right)
    bottom = max(bottom, other.bottom)
  }
}

extension UnsafeMutablePointer<Float> {
  @inline(__always) func lanes(at index: Int) -> Lanes {
    UnsafeRawPointer(self + index).loadUnaligned(as: Lanes.self)
  }

  @inline(__always) func store(_ value: Lanes, at index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: value, as: Lanes.self)
  }
}

extension Lanes {
  /// 0, 1, … 15 and a half: the middles of sixteen pixels.
  @inline(__always) static var middles: Lanes {
    Lanes(0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5, 12.5, 13.5, 14.5, 15.5)
  }

  @inline(__always) func limited(_ low: Float, _ high: Float) -> Lanes {
    planar_lanes_minimum(planar_lanes_maximum(self, Lanes(repeating: low)), Lanes(repeating: high))
  }

  @inline(__always) var magnitude: Lanes { planar_lanes_absolute(self) }

  @inline(__always) var floor: Lanes { planar_lanes_floor(self) }
}
