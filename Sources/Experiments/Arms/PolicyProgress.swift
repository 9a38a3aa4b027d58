// How far a run over policies is, and about how long it goes on.

/// Counts policies, each of which is made once and runs all its arms: what nearly all of the time goes into.
struct PolicyProgress {
  /// Policies of the whole run.
  let total: Int
  /// Those that are finished, in an earlier run too.
  private(set) var done: Int
  private let doneBefore: Int
  private let began = ContinuousClock.now

  init(total: Int, done: Int) {
    self.total = total
    self.done = done
    doneBefore = done
  }

  mutating func finishOne() { done += 1 }

  /// Such as "policy 4 of 30, about 6 min left".
  var words: String {
    let position = "policy \(min(done + 1, total)) of \(total)"
    guard done > doneBefore else { return position }
    return "\(position), \(Self.words(ofSecondsLeft: secondsLeft(after: (.now - began) / .seconds(1))))"
  }

  /// What is left at the pace of this run.
  ///
  /// - Parameter elapsed: seconds since it began.
  func secondsLeft(after elapsed: Double) -> Double {
    elapsed / Double(max(1, done - doneBefore)) * Double(total - done)
  }

  private static func words(ofSecondsLeft seconds: Double) -> String {
    seconds < 60 ? "less than a minute left" : "about \(Int((seconds / 60).rounded())) min left"
  }
}
