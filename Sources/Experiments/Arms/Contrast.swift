// A difference between two arms that was predicted before the run, and what became of the prediction.

import PlanarEvaluation
import PlanarCore

/// Two arms, and what must be seen of their difference.
public struct Contrast: Encodable, Sendable {
  /// What is predicted of `first − second`, in shares of episodes.
  public enum Prediction: Encodable, Hashable, Sendable {
    /// The first is above the second, by at least so much.
    case above(by: Double)
    /// Neither is above the other by so much.
    case within(Double)
  }

  /// What is counted of an episode.
  public enum Measure: String, Codable, CaseIterable, Sendable {
    /// The command was obeyed.
    case success
    /// The goal that was drawn with the scene was reached, whatever was said.
    case drawnGoal = "drawn_goal"
  }

  /// The names of two arms.
  public var first, second: String
  /// What was predicted.
  public var prediction: Prediction
  /// What is counted.
  public var measure = Measure.success
  /// The claim in a few words, such as "a generative head keeps two ways apart".
  public var claim: String

  /// A prediction on two arms of a plan.
  public init(
    _ claim: String, _ first: String, _ prediction: Prediction, than second: String, measure: Measure = .success
  ) {
    self.claim = claim
    self.first = first
    self.second = second
    self.prediction = prediction
    self.measure = measure
  }
}

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

extension Contrast.Prediction {
  /// What an interval says of the prediction.
  package func verdict(difference: Double, interval: ClosedRange<Double>) -> ContrastResult.Verdict {
    switch self {
    case .above(let least):
      if interval.lowerBound > 0 {
        return interval.upperBound < least ? .smaller : difference >= least ? .held : .direction
      }
      return interval.upperBound < least ? .refuted : .undecided
    case .within(let margin):
      if interval.lowerBound > -margin, interval.upperBound < margin { return .held }
      return interval.lowerBound >= margin || interval.upperBound <= -margin ? .refuted : .undecided
    }
  }

  /// About how many episodes make the interval narrow enough that it no longer includes the border that it includes now:
  /// its width falls with the root of their number.
  ///
  /// - Returns: nil where the difference lies on the border itself, so that no number would do.
  package func episodesNeeded(difference: Double, interval: ClosedRange<Double>, episodes: Int) -> Int? {
    let border =
      switch self {
      case .above(let least): difference > 0 ? 0 : least
      case .within(let margin): difference < 0 ? -margin : margin
      }
    let half = border < difference ? difference - interval.lowerBound : interval.upperBound - difference
    let room = abs(difference - border)
    guard room > 0 else { return nil }
    let needed = (Double(episodes) * (half / room) * (half / room)).rounded(.up)
    return needed > Double(episodes) && needed < 1e6 ? Int(needed) : nil
  }

  /// Such as "20 points or more".
  var words: String {
    switch self {
    case .above(0): "above 0"
    case .above(let least): "\(fixed(100 * least, 0)) points or more"
    case .within(let margin): "less than \(fixed(100 * margin, 0)) points either way"
    }
  }
}
