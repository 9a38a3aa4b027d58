// A figure that was predicted before the run, such as an exponent, and what became of the prediction.

import PlanarEvaluation

/// A number that an experiment measures beside differences of arms, and the bound that it was predicted to keep.
public struct FigurePrediction: Encodable, Hashable, Sendable {
  /// What it must be.
  public enum Bound: Encodable, Hashable, Sendable {
    /// Above a number.
    case above(Double)
    /// Below a number.
    case below(Double)
  }

  /// What it is, such as "exponent of behaviour cloning's cost".
  public var name: String
  /// The prediction.
  public var bound: Bound

  /// A predicted figure.
  public init(_ name: String, _ bound: Bound) {
    self.name = name
    self.bound = bound
  }

  /// Such as "exponent of the failures: below -0.3".
  var words: String {
    switch bound {
    case .above(let value): "\(name): above \(fixed(value, 2))"
    case .below(let value): "\(name): below \(fixed(value, 2))"
    }
  }
}

/// What became of a predicted figure.
public struct FigureResult: Encodable, Sendable {
  /// What was predicted.
  public var prediction: FigurePrediction
  /// What was measured, with its 95 % interval over training seeds.
  public var estimate: CrossedEstimate
  /// `held` or `refuted` where the interval lies on one side of the bound; else `undecided`.
  public var verdict: ContrastResult.Verdict

  init(_ prediction: FigurePrediction, _ estimate: CrossedEstimate) {
    self.prediction = prediction
    self.estimate = estimate
    let (isHeld, isRefuted) =
      switch prediction.bound {
      case .above(let value): (estimate.low > value, estimate.high < value)
      case .below(let value): (estimate.high < value, estimate.low > value)
      }
    verdict = isHeld ? .held : isRefuted ? .refuted : .undecided
  }

  /// Such as "Held — exponent of the failures: below -0.30. Measured: -0.61 [-0.70, -0.52]."
  var sentence: String {
    "\(verdict.word) — \(prediction.words). Measured: \(fixed(estimate.mean, 2)) [\(fixed(estimate.low, 2)), \(fixed(estimate.high, 2))]."
  }
}
