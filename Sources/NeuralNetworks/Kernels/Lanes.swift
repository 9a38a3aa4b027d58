// Sixteen floats at a time. What Swift's SIMD types would do lane by lane (comparisons, fused products,
// minimum and maximum of two variables) comes from CLanes; arithmetic, integer shifts and bit casts stay in
// vector registers as they are.

import CLanes

typealias Lanes = SIMD16<Float>

@inline(__always)
func load(_ pointer: UnsafePointer<Float>) -> Lanes {
  UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
}

@inline(__always)
func load(_ pointer: UnsafeMutablePointer<Float>) -> Lanes {
  UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
}

@inline(__always)
func store(_ lanes: Lanes, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: lanes, as: Lanes.self)
}

/// The first `count` (< 16) numbers; the other lanes are `fill`.
@inline(__always)
func loadPartly(_ pointer: UnsafePointer<Float>, _ count: Int, fill: Float = 0) -> Lanes {
  var lanes = Lanes(repeating: fill)
  for i in 0..<count { lanes[i] = pointer[i] }
  return lanes
}

@inline(__always)
func storePartly(_ lanes: Lanes, _ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
  for i in 0..<count { pointer[i] = lanes[i] }
}

/// a·b + c, rounded once.
@inline(__always)
func multiplyAdd(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> Lanes { planar_lanes_multiply_add(a, b, c) }

/// a·b + c, rounded once, for a factor shared by all lanes.
@inline(__always)
func multiplyAdd(_ a: Float, _ b: Lanes, _ c: Lanes) -> Lanes {
  planar_lanes_multiply_add(Lanes(repeating: a), b, c)
}

/// The larger of each pair.
@inline(__always)
func maximum(_ a: Lanes, _ b: Lanes) -> Lanes { planar_lanes_maximum(a, b) }

/// The smaller of each pair.
@inline(__always)
func minimum(_ a: Lanes, _ b: Lanes) -> Lanes { planar_lanes_minimum(a, b) }

/// |a|.
@inline(__always)
func absolute(_ a: Lanes) -> Lanes { planar_lanes_absolute(a) }

/// √a.
@inline(__always)
func squareRoot(_ a: Lanes) -> Lanes { planar_lanes_square_root(a) }

/// x where a < b, else y.
@inline(__always)
func select(where a: Lanes, isBelow b: Lanes, _ x: Lanes, else y: Lanes) -> Lanes {
  planar_lanes_where_less(a, b, x, y)
}

/// The sum of all lanes, pairwise.
@inline(__always)
func sum(_ lanes: Lanes) -> Float {
  let eight: SIMD8<Float> = lanes.lowHalf + lanes.highHalf
  let four: SIMD4<Float> = eight.lowHalf + eight.highHalf
  let two: SIMD2<Float> = four.lowHalf + four.highHalf
  return two.x + two.y
}

/// The largest of `count` numbers, a multiple of sixteen.
@inline(__always)
func largest(_ numbers: UnsafePointer<Float>, _ count: Int) -> Float {
  var lanes = load(numbers)
  var i = 16
  while i < count {
    lanes = maximum(lanes, load(numbers + i))
    i += 16
  }
  let halves = pointwiseMax(lanes.lowHalf, lanes.highHalf)
  return max(max(max(halves[0], halves[1]), max(halves[2], halves[3])), max(max(halves[4], halves[5]), max(halves[6], halves[7])))
}

/// eˣ within about 1e-7 of its value, lanes clamped to ±87: Cody and Waite's reduction by ln 2 and the
/// polynomial of Moshier's Cephes library (`expf`).
@inline(__always)
func exponential(_ input: Lanes) -> Lanes {
  let x: Lanes = minimum(maximum(input, Lanes(repeating: -87)), Lanes(repeating: 87))
  // Adding 1.5·2²³ rounds to the nearest integer and leaves it in the low bits.
  let magic = Lanes(repeating: 12_582_912)
  let shifted = multiplyAdd(1.442_695_04, x, magic)
  let n: Lanes = shifted - magic
  let r = multiplyAdd(2.121_944_4e-4, n, multiplyAdd(-0.693_359_375, n, x))
  var p = multiplyAdd(1.987_569_15e-4, r, Lanes(repeating: 1.398_199_95e-3))
  p = multiplyAdd(p, r, Lanes(repeating: 8.333_451_9e-3))
  p = multiplyAdd(p, r, Lanes(repeating: 4.166_579_6e-2))
  p = multiplyAdd(p, r, Lanes(repeating: 1.666_666_55e-1))
  p = multiplyAdd(p, r, Lanes(repeating: 5.000_000_1e-1))
  let value = multiplyAdd(p, r * r, r + 1)
  let integer = unsafeBitCast(shifted, to: SIMD16<UInt32>.self)
  let exponent: SIMD16<UInt32> = (integer &+ 127) &<< 23
  return value * unsafeBitCast(exponent, to: Lanes.self)
}

/// 1 / (1 + e⁻ˣ).
@inline(__always)
func sigmoid(_ x: Lanes) -> Lanes {
  let one = Lanes(repeating: 1)
  let e: Lanes = exponential(Lanes(repeating: 0) - x)
  return one / (one + e)
}

extension Kernels {
  /// target[j, i] = source[i, j] for i, j < 16, with these distances between rows.
  @inline(never)
  static func transposeSixteen(
    _ source: UnsafePointer<Float>, stride: Int, to target: UnsafeMutablePointer<Float>,
    stride targetStride: Int
  ) {
    planar_transpose_16x16(source, stride, target, targetStride)
  }
}
