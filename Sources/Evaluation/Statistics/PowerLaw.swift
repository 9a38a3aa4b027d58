// How fast something grows: an exponent fitted on logarithms.

import Foundation

/// `y = factor · x^exponent`, by least squares on logarithms.
public struct PowerLaw: Codable, Equatable, Sendable {
  /// y at x = 1.
  public var factor: Double
  /// The slope of log y over log x.
  public var exponent: Double
  /// The exponent's standard error; 0 for two points.
  public var standardError: Double

  /// Fits points; those where x or y is not positive are left out.
  ///
  /// Returns nil where fewer than two different x remain.
  public init?(fitting points: [(x: Double, y: Double)]) {
    let logs = points.filter { $0.x > 0 && $0.y > 0 }.map { (x: log($0.x), y: log($0.y)) }
    let n = Double(logs.count)
    guard logs.count >= 2 else { return nil }
    let meanX = logs.reduce(0) { $0 + $1.x } / n
    let meanY = logs.reduce(0) { $0 + $1.y } / n
    let spread = logs.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
    guard spread > 0 else { return nil }
    exponent = logs.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) } / spread
    let intercept = meanY - exponent * meanX
    factor = exp(intercept)
    var residual = 0.0
    for point in logs {
      let error = point.y - intercept - exponent * point.x
      residual += error * error
    }
    standardError = logs.count > 2 ? (residual / (n - 2) / spread).squareRoot() : 0
  }
}
