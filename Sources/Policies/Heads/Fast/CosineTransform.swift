// The orthonormal discrete cosine transform (DCT-II): a smooth chunk becomes a few numbers of low frequency.

import Foundation

/// cₖ = sₖ·Σₙ xₙ·cos(π(n + ½)k / N) with s₀ = √(1/N) and √(2/N) elsewhere: its inverse is its transpose, and errors
/// keep their root mean square.
public struct CosineTransform: Sendable {
  /// Steps, and frequencies.
  public let count: Int
  /// `[frequency, step]`.
  private let matrix: [Double]

  /// The transform of sequences of `count` numbers.
  public init(count: Int) {
    self.count = count
    matrix = (0..<count * count).map { i in
      let (k, n) = (Double(i / count), Double(i % count))
      let scale = ((k == 0 ? 1 : 2) / Double(count)).squareRoot()
      return scale * cos(.pi * (n + 0.5) * k / Double(count))
    }
  }

  /// The coefficient of frequency `k` of a signal given step by step.
  public func coefficient(_ k: Int, _ signal: (Int) -> Double) -> Double {
    (0..<count).reduce(0) { $0 + matrix[k * count + $1] * signal($1) }
  }

  /// The signal's number at step `n`, from its coefficients.
  public func value(_ n: Int, _ coefficient: (Int) -> Double) -> Double {
    (0..<count).reduce(0) { $0 + matrix[$1 * count + n] * coefficient($1) }
  }
}
