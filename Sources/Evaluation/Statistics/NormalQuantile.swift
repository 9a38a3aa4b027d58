// The normal distribution's quantiles, for every confidence that somebody may ask for.

import Foundation

/// The standard normal's quantile: the z with Φ(z) = `p`.
///
/// Newton's steps on Φ(z) = erfc(−z/√2) / 2, which come from the middle and never pass the quantile, since Φ is concave
/// above 0.
///
/// - Parameter p: between 0 and 1, both excluded.
public func normalQuantile(_ p: Double) -> Double {
  precondition(p > 0 && p < 1, "a quantile is that of a probability between 0 and 1")
  guard p >= 0.5 else { return -normalQuantile(tail: p) }
  return normalQuantile(tail: 1 - p)
}

/// The z ≥ 0 above which the standard normal has this probability, at most ½.
private func normalQuantile(tail: Double) -> Double {
  var z = 0.0
  for _ in 0..<200 {
    let above = 0.5 * erfc(z / 2.0.squareRoot())
    let density = exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
    let step = (above - tail) / density
    z += step
    if abs(step) <= 1e-15 * max(1, z) { break }
  }
  return z
}
