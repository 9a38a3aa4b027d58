// What a comparison of two policies comes to: one of five, in words.

/// What can be said of a policy beside another, at a level and with a margin below which differences do not matter.
public enum ComparisonVerdict: String, Codable, CaseIterable, Sendable {
  /// The first policy succeeds more often.
  case better
  /// The first policy succeeds less often.
  case worse
  /// The difference is shown to be smaller than the margin, and may be none.
  case equivalent
  /// There is a difference, and it is shown to be smaller than the margin.
  case differentByLessThanMatters = "different by less than matters"
  /// Neither a difference nor its absence is shown.
  case undecided

  /// - Parameters:
  ///   - difference: the first's success rate minus the second's.
  ///   - isDifferent: whether a test says that there is a difference.
  ///   - isWithinMargin: whether a test says that it is smaller than matters.
  public init(difference: Double, isDifferent: Bool, isWithinMargin: Bool) {
    switch (isDifferent, isWithinMargin) {
    case (true, true): self = .differentByLessThanMatters
    case (true, false): self = difference > 0 ? .better : .worse
    case (false, true): self = .equivalent
    case (false, false): self = .undecided
    }
  }
}
