// What became of a predicted difference.

import PlanarCore
import PlanarEvaluation

/// What became of a contrast.
public struct ContrastResult: Encodable, Sendable {
  /// What a measured difference says of a prediction.
  public enum Verdict: String, Encodable, Sendable {
    /// The interval lies on the predicted side, and the difference is as large as predicted.
    case held
    /// The interval lies on the predicted side; whether the difference is as large as predicted is open.
    case direction
    /// The interval lies on the predicted side, and excludes a difference as large as predicted.
    case smaller
    /// The interval excludes what was predicted.
    case refuted
    /// The interval excludes neither.
    case undecided
  }

  /// What was predicted.
  public var contrast: Contrast
  /// The first's share less the second's.
  public var difference: Double
  /// The 95 % interval of the difference.
  public var interval: [Double]
  /// How many training seeds stand behind either side.
  public var trainingSeeds: Int
  /// How many episodes each of them ran.
  public var episodes: Int
  /// Of a predicted difference: the p-value of no difference, McNemar's exact one with one training seed, Student's
  /// with several; adjusted by Holm's method for all predictions of the experiment. Nil of a predicted equality.
  public var p: Double?
  /// What the interval says; a difference counts where `p` is below 0.05 as well.
  public var verdict: Verdict
  /// For an undecided contrast: about how many episodes an arm would decide it if the difference is what was seen;
  /// nil where more episodes would not.
  public var episodesNeeded: Int?

  /// Sums up two arms.
  ///
  /// With one training seed the interval is Newcombe's for paired episodes; with several it is over seeds and episodes
  /// (`CrossedEstimate`).
  ///
  /// - Parameters:
  ///   - first: `[training seed][episode]`, the same episodes in every row.
  ///   - second: the same for the second arm.
  package init(_ contrast: Contrast, first: [[Bool]], second: [[Bool]]) {
    self.contrast = contrast
    trainingSeeds = first.count
    episodes = first[0].count
    let estimate = CrossedEstimate(first: first, second: second)
    difference = estimate.mean
    let bounds = estimate.low...estimate.high
    p = estimate.p
    if case .within = contrast.prediction { p = nil }
    interval = [bounds.lowerBound, bounds.upperBound]
    verdict = contrast.prediction.verdict(difference: difference, interval: bounds)
    // Where training seeds vary, more episodes narrow a part of the interval only.
    if verdict == .undecided, trainingSeeds == 1 {
      episodesNeeded = contrast.prediction.episodesNeeded(
        difference: difference, interval: bounds, episodes: episodes)
    }
  }

  /// The same among several predictions, read side by side.
  ///
  /// - Parameter p: the adjusted p-value.
  func adjusted(p: Double) -> ContrastResult {
    var result = self
    result.p = p
    if p >= 0.05, [.held, .direction, .smaller].contains(verdict) { result.verdict = .undecided }
    return result
  }

  /// Such as "held: flow above regression by 41.3 points [35.0, 47.2] (predicted: 20 or more)".
  var sentence: String {
    let measured =
      "\(contrast.first) minus \(contrast.second): \(points(difference)) points [\(points(interval[0])), \(points(interval[1]))]"
    let chance = p.map { ", p \($0 < 0.001 ? "< 0.001" : "= \(fixed($0, 3))") after Holm" } ?? ""
    let more =
      verdict != .undecided
      ? ""
      : episodesNeeded.map { "; about \($0) episodes an arm would decide it" }
        ?? "; more training seeds and episodes would decide it"
    return "\(verdict.word) — \(contrast.claim). \(measured)\(chance); predicted: \(contrast.prediction.words)\(more)."
  }

  private func points(_ share: Double) -> String { fixed(100 * share, 1) }
}

extension ContrastResult.Verdict {
  /// As sentences begin with it.
  var word: String {
    switch self {
    case .held: "Held"
    case .direction: "In the predicted direction"
    case .smaller: "Smaller than predicted"
    case .refuted: "Refuted"
    case .undecided: "Undecided"
    }
  }
}
