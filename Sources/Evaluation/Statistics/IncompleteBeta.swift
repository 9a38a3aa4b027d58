// The incomplete beta function and its inverse: binomial tails, and the bounds that follow from them.

import Foundation

/// The regularized incomplete beta function I_x(a, b): the probability that a Beta(a, b) variable is at most x.
///
/// By the continued fraction of DLMF 8.17.22 with Lentz's method (Press et al., Numerical Recipes, 3rd edition, §6.4),
/// on the side where it converges fast: I_x(a, b) = 1 − I_{1−x}(b, a).
///
/// - Parameters:
///   - x: 0 … 1; what lies beyond counts as the nearer end.
///   - a: positive.
///   - b: positive.
///
/// Complexity: O(√max(a, b)).
public func regularizedIncompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  precondition(a > 0 && b > 0, "the beta function needs positive parameters")
  return incompleteBeta(x, a, b, logBeta: logBeta(a, b))
}

/// The x at which I_x(a, b) is `p`: a quantile of the Beta(a, b) distribution.
///
/// Halley's steps on the function from the start of Abramowitz & Stegun 26.5.22 (Press et al., Numerical Recipes, 3rd
/// edition, §6.14.13), kept within a bracket that every step narrows.
///
/// - Parameters:
///   - p: 0 … 1.
///   - a: positive.
///   - b: positive.
public func inverseRegularizedIncompleteBeta(_ p: Double, _ a: Double, _ b: Double) -> Double {
  precondition(a > 0 && b > 0, "the beta function needs positive parameters")
  guard p > 0 else { return 0 }
  guard p < 1 else { return 1 }
  let logBeta = logBeta(a, b)
  var (low, high) = (0.0, 1.0)
  var x = min(max(firstGuess(p, a, b), 1e-300), 1 - 1e-16)
  for _ in 0..<200 {
    let error = incompleteBeta(x, a, b, logBeta: logBeta) - p
    if error == 0 { break }
    if error < 0 { low = x } else { high = x }
    let logDensity: Double = (a - 1) * log(x) + (b - 1) * log1p(-x) - logBeta
    let density = exp(logDensity)
    let newton = error / density
    // Halley's correction, by the slope of the logarithm of the density.
    let slope: Double = (a - 1) / x - (b - 1) / (1 - x)
    let step = newton / (1 - 0.5 * min(1, newton * slope))
    // The steps' errors are cubed: after one this small the next would be lost in rounding.
    if abs(step) <= 1e-9 * min(x, 1 - x) { return min(max(x - step, low), high) }
    x = low < x - step && x - step < high ? x - step : 0.5 * (low + high)
    if high - low <= 1e-16 * high { break }
  }
  return x
}

/// The probability of at most `k` successes in `trials` trials with success probability `p`:
/// P(X ≤ k) = I_{1−p}(n − k, k + 1) (DLMF 8.17.5).
public func binomialCDF(_ k: Int, trials: Int, p: Double) -> Double {
  guard k >= 0 else { return 0 }
  guard k < trials else { return 1 }
  return regularizedIncompleteBeta(1 - p, Double(trials - k), Double(k + 1))
}

/// The probability of exactly `k` successes.
func binomialMass(_ k: Int, trials: Int, p: Double) -> Double {
  guard 0 <= k, k <= trials else { return 0 }
  if p <= 0 { return k == 0 ? 1 : 0 }
  if p >= 1 { return k == trials ? 1 : 0 }
  let (n, k) = (Double(trials), Double(k))
  let logWays: Double = -log(n + 1) - logBeta(k + 1, n - k + 1)
  let logEach: Double = k * log(p) + (n - k) * log1p(-p)
  return exp(logWays + logEach)
}

/// ln B(a, b).
func logBeta(_ a: Double, _ b: Double) -> Double { lgamma(a) + lgamma(b) - lgamma(a + b) }

private func incompleteBeta(_ x: Double, _ a: Double, _ b: Double, logBeta: Double) -> Double {
  guard x > 0 else { return 0 }
  guard x < 1 else { return 1 }
  let front = exp(a * log(x) + b * log1p(-x) - logBeta)
  return x < (a + 1) / (a + b + 2)
    ? front * continuedFraction(x, a, b) / a : 1 - front * continuedFraction(1 - x, b, a) / b
}

/// DLMF 8.17.22, from the front to the back by Lentz's method.
private func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
  func away(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
  var c = 1.0
  var d = 1 / away(1 - (a + b) * x / (a + 1))
  var result = d
  for step in 1..<1_000_000 {
    let m = Double(step)
    let even: Double = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    result *= d * c
    let odd: Double = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    result *= d * c
    if abs(d * c - 1) < 1e-15 { break }
  }
  return result
}

/// Abramowitz & Stegun 26.5.22 where both parameters are at least 1, else the two power laws of the ends.
private func firstGuess(_ p: Double, _ a: Double, _ b: Double) -> Double {
  if a >= 1, b >= 1 {
    let z = normalQuantile(1 - p)
    let lambda = (z * z - 3) / 6
    let h = 2 / (1 / (2 * a - 1) + 1 / (2 * b - 1))
    let spread: Double = z * max(0, h + lambda).squareRoot() / h
    let lean: Double = (1 / (2 * b - 1) - 1 / (2 * a - 1)) * (lambda + 5.0 / 6 - 2 / (3 * h))
    let w = spread - lean
    return a / (a + b * exp(2 * w))
  }
  let (logA, logB) = (log(a / (a + b)), log(b / (a + b)))
  let (t, u) = (exp(a * logA) / a, exp(b * logB) / b)
  let whole = t + u
  return p < t / whole ? pow(a * whole * p, 1 / a) : 1 - pow(b * whole * (1 - p), 1 / b)
}
