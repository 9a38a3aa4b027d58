// A difference between two arms that was predicted before the run.

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
