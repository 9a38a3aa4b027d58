// Our own sine and cosine: libm's differ between versions in the last bit, and a state hash that
// holds on every machine cannot have that. Only +, −, × and rounding are used here.

/// Sine and cosine of `x` (rad), with the bits that the same angle has among four.
@inlinable
public func sineAndCosine(_ x: Double) -> (sine: Double, cosine: Double) {
  let (sine, cosine) = sineAndCosine(SIMD4(repeating: x))
  return (sine.x, cosine.x)
}

/// Sine and cosine of four angles (rad) at once, each within 2 ULP of the true value for |x| < 1e5; not finite where the
/// angle is not.
///
/// Cody–Waite reduction by π/2 in three parts, then the Taylor-like minimax polynomials on
/// [−π/4, π/4] of fdlibm's `k_sin.c` and `k_cos.c` (Sun Microsystems, 1993).
@inlinable
public func sineAndCosine(
  _ x: SIMD4<Double>
) -> (sine: SIMD4<Double>, cosine: SIMD4<Double>) {
  let quadrants = (x * 0.6366197723675814).rounded(.toNearestOrEven)
  // Each product is exact for |quadrants| < 2^20: the leading parts of π/2 end in zeros.
  var r = x - quadrants * 1.5707963267341256e+00
  r -= quadrants * 6.077100506303966e-11
  r -= quadrants * 2.0222662487959506e-21
  let z = r * r
  let s1 = -1.66666666666666324348e-01 + z * (8.33333333332248946124e-03 + z * -1.98412698298579493134e-04)
  let s2 = 2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)
  let sine = r + r * z * (s1 + z * z * z * s2)
  let c1 = 4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * 2.48015872894767294178e-05)
  let c2 = -2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)
  let half = 0.5 * z
  let w = 1.0 - half
  let cosine = w + ((1.0 - w) - half + z * z * (c1 + z * z * z * c2))
  // The quadrant modulo 4 as 0, 1, 2 or 3.
  let turn = quadrants - 4 * (quadrants * 0.25).rounded(.down)
  let isOdd = (turn .== 1) .| (turn .== 3)
  let s = sine.replacing(with: cosine, where: isOdd)
  let c = cosine.replacing(with: sine, where: isOdd)
  return (
    s.replacing(with: -s, where: turn .>= 2),
    c.replacing(with: -c, where: (turn .== 1) .| (turn .== 2))
  )
}

/// e^−x for x ≥ 0 to an absolute 1e-15 (where it is small, it has fewer digits; beyond x = 700 it is 0), from + − × ÷
/// alone, for the same reason as `sineAndCosine`: (e^(−x/2ᵏ))^(2ᵏ) with the Taylor series for the inner exponential.
@inlinable
public func decayFactor(_ x: Double) -> Double {
  guard x < 700 else { return 0 }
  var reduced = x
  var squarings = 0
  while reduced > 0.03125 {
    reduced /= 2
    squarings += 1
  }
  // expm1, so that the squarings do not amplify rounding: (1 + m)² − 1 = m·(2 + m).
  var term = -reduced
  var sum = term
  for i in 2...9 {
    term *= -reduced / Double(i)
    sum += term
  }
  for _ in 0..<squarings { sum *= 2 + sum }
  return 1 + sum
}
