// Sixteen floats at a time. What Swift's SIMD types would do lane by lane (comparisons, fused products,
// minimum and maximum of two variables) comes from CLanes; arithmetic, integer shifts and bit casts stay in
// vector registers as they are.

import CPlanarLanes

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

/// The first `count` (1 … 16) numbers; the other lanes are `fill`.
@inline(__always)
func loadPartly(_ pointer: UnsafePointer<Float>, _ count: Int, fill: Float = 0) -> Lanes {
  planar_lanes_load_first(pointer, Int32(truncatingIfNeeded: count), Lanes(repeating: fill))
}

/// Writes the first `count` (1 … 16) lanes.
@inline(__always)
func storePartly(_ lanes: Lanes, _ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
  planar_lanes_store_first(lanes, pointer, Int32(truncatingIfNeeded: count))
}

/// `width` (1 … 16) numbers and zeros; a plain load where the width is known to be sixteen.
@inline(__always)
func load(_ pointer: UnsafePointer<Float>, width: Int) -> Lanes {
  width == 16 ? load(pointer) : loadPartly(pointer, width)
}

/// Writes the first `width` (1 … 16) lanes; a plain store where the width is known to be sixteen.
@inline(__always)
func store(_ lanes: Lanes, _ pointer: UnsafeMutablePointer<Float>, width: Int) {
  if width == 16 { store(lanes, pointer) } else { storePartly(lanes, pointer, width) }
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

/// The larger of each pair; no number where either is none.
@inline(__always)
func maximumOrNaN(_ a: Lanes, _ b: Lanes) -> Lanes { planar_lanes_maximum_or_nan(a, b) }

/// The smaller of each pair.
@inline(__always)
func minimum(_ a: Lanes, _ b: Lanes) -> Lanes { planar_lanes_minimum(a, b) }

/// |a|.
@inline(__always)
func absolute(_ a: Lanes) -> Lanes { planar_lanes_absolute(a) }

/// √a.
@inline(__always)
func squareRoot(_ a: Lanes) -> Lanes { planar_lanes_square_root(a) }

/// 1/a within two units in the last place, for finite a that are not tiny.
@inline(__always)
func reciprocal(_ a: Lanes) -> Lanes { planar_lanes_reciprocal(a) }

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

/// Lanes 2i and 2i + 1 swapped.
@inline(__always)
func neighboursSwapped(_ lanes: Lanes) -> Lanes {
  let pairs = unsafeBitCast(lanes, to: SIMD8<UInt64>.self)
  return unsafeBitCast((pairs &<< 32) | (pairs &>> 32), to: Lanes.self)
}

/// The largest of all lanes.
@inline(__always)
func largest(_ lanes: Lanes) -> Float { planar_lanes_largest(lanes) }

/// eˣ within about 1e-7 of its value, lanes clamped to ±87. What is no number stays none.
@inline(__always)
func exponential(_ x: Lanes) -> Lanes { exponential(upTo87: minimum(Lanes(repeating: 87), x)) }

/// eˣ for x that are known to be at most 87; below −87 they are clamped.
///
/// Cody and Waite's reduction x = n·ln 2 + r, then a polynomial fitted to a relative error of 2e-9.
@inline(__always)
func exponential(upTo87 input: Lanes) -> Lanes {
  let x = maximum(Lanes(repeating: -87), input)
  // Adding 1.5·2²³ rounds to the nearest integer.
  let magic = Lanes(repeating: 12_582_912)
  let n: Lanes = multiplyAdd(1.442_695_04, x, magic) - magic
  let r = multiplyAdd(2.121_944_4e-4, n, multiplyAdd(-0.693_359_375, n, x))
  let one = Lanes(repeating: 1)
  var p = multiplyAdd(1.384_362_8e-3, r, Lanes(repeating: 8.374_160e-3))
  p = multiplyAdd(p, r, Lanes(repeating: 4.166_800_2e-2))
  p = multiplyAdd(p, r, Lanes(repeating: 1.666_643_2e-1))
  p = multiplyAdd(p, r, Lanes(repeating: 4.999_999_4e-1))
  p = multiplyAdd(p, r, one)
  return planar_lanes_scale(multiplyAdd(p, r, one), n)
}

/// 1 / (1 + e⁻ˣ).
@inline(__always)
func sigmoid(_ x: Lanes) -> Lanes {
  let one = Lanes(repeating: 1)
  let e: Lanes = exponential(Lanes(repeating: 0) - x)
  return reciprocal(one + e)
}

/// tanh x: near 0 the odd polynomial of Cephes' `tanhf`, elsewhere 1 − 2/(e²ˣ + 1).
@inline(__always)
func hyperbolicTangent(_ x: Lanes) -> Lanes {
  let square: Lanes = x * x
  var p = multiplyAdd(-5.704_988_7e-3, square, Lanes(repeating: 2.063_908_9e-2))
  p = multiplyAdd(p, square, Lanes(repeating: -5.373_971e-2))
  p = multiplyAdd(p, square, Lanes(repeating: 1.333_144_2e-1))
  p = multiplyAdd(p, square, Lanes(repeating: -3.333_328e-1))
  let near = multiplyAdd(p * square, x, x)
  let e: Lanes = exponential(x + x)
  let far = multiplyAdd(-2, reciprocal(e + 1), Lanes(repeating: 1))
  return select(where: absolute(x), isBelow: Lanes(repeating: 0.625), near, else: far)
}

/// Φ(x) = ½ erfc(−x/√2), the normal distribution's integral, and φ(x) = e^(−x²/2) / √(2π).
///
/// With t = 1 / (1 + 0.33 |x|/√2), ½ erfc(|x|/√2) = t·P(t)·e^(−x²/2), the form of Abramowitz & Stegun
/// 7.1.26 with eight terms, fitted to a relative error of 1e-7 for |x| < 14.
@inline(__always)
func normalDistribution(_ x: Lanes) -> (integral: Lanes, density: Lanes) {
  let one = Lanes(repeating: 1)
  let t = reciprocal(multiplyAdd(0.233_345_24, absolute(x), one))
  let e = exponential(upTo87: x * x * -0.5)
  var p = multiplyAdd(-0.067_673_206, t, Lanes(repeating: 0.230_120_21))
  p = multiplyAdd(p, t, Lanes(repeating: -0.175_577_99))
  p = multiplyAdd(p, t, Lanes(repeating: 0.204_253_19))
  p = multiplyAdd(p, t, Lanes(repeating: 0.023_608_461))
  p = multiplyAdd(p, t, Lanes(repeating: 0.100_612_56))
  p = multiplyAdd(p, t, Lanes(repeating: 0.091_477_856))
  p = multiplyAdd(p, t, Lanes(repeating: 0.093_178_910))
  let beyond: Lanes = p * t * e
  let integral = select(where: x, isBelow: Lanes(repeating: 0), beyond, else: one - beyond)
  return (integral, e * 0.398_942_28)
}

extension Kernels {
  /// target[j, i] = source[i, j] for i, j < 16, with these distances between rows; of the source's only `rows`
  /// are read, the last of them in place of those missing.
  @inline(never)
  static func transposeSixteen(
    _ source: UnsafePointer<Float>, stride: Int, rows: Int = 16, to target: UnsafeMutablePointer<Float>,
    stride targetStride: Int
  ) {
    planar_transpose_16x16(source, stride, rows, target, targetStride)
  }
}
