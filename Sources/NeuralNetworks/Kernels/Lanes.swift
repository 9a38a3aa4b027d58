// Sixteen floats at a time. Only operations that stay in vector registers are used: arithmetic, pointwise
// minimum and maximum with constants, integer shifts and bit casts; comparisons, rounding and conversion of
// SIMD types become one branch or call per lane.

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

/// The sum of all lanes, pairwise.
@inline(__always)
func sum(_ lanes: Lanes) -> Float {
  let eight: SIMD8<Float> = lanes.lowHalf + lanes.highHalf
  let four: SIMD4<Float> = eight.lowHalf + eight.highHalf
  let two: SIMD2<Float> = four.lowHalf + four.highHalf
  return two.x + two.y
}

/// The largest of `count` numbers, a multiple of four: four running maxima in scalar registers, because
/// `pointwiseMax` of two values that are no constants falls apart into branches.
@inline(__always)
func largest(_ numbers: UnsafePointer<Float>, _ count: Int) -> Float {
  var (a, b, c, d) = (numbers[0], numbers[1], numbers[2], numbers[3])
  var i = 4
  while i < count {
    a = numbers[i] > a ? numbers[i] : a
    b = numbers[i + 1] > b ? numbers[i + 1] : b
    c = numbers[i + 2] > c ? numbers[i + 2] : c
    d = numbers[i + 3] > d ? numbers[i + 3] : d
    i += 4
  }
  let (x, y) = (a > b ? a : b, c > d ? c : d)
  return x > y ? x : y
}

/// eˣ within about 1e-7 of its value, lanes clamped to ±87: Cody and Waite's reduction by ln 2 and the
/// polynomial of Moshier's Cephes library (`expf`).
@inline(__always)
func exponential(_ input: Lanes) -> Lanes {
  let low = Lanes(repeating: -87)
  let high = Lanes(repeating: 87)
  let x: Lanes = pointwiseMin(pointwiseMax(input, low), high)
  // Adding 1.5·2²³ rounds to the nearest integer and leaves it in the low bits.
  let magic = Lanes(repeating: 12_582_912)
  let shifted: Lanes = x * 1.442_695_04 + magic
  let n: Lanes = shifted - magic
  let r: Lanes = (x - n * 0.693_359_375) - n * -2.121_944_4e-4
  var p: Lanes = r * 1.987_569_15e-4 + 1.398_199_95e-3
  p = p * r + 8.333_451_9e-3
  p = p * r + 4.166_579_6e-2
  p = p * r + 1.666_666_55e-1
  p = p * r + 5.000_000_1e-1
  let value: Lanes = (p * r) * r + r + 1
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
