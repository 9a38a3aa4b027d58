// The settings of DAgger.

import PlanarCore
import PlanarPolicyInterface

/// How DAgger (Ross, Gordon & Bagnell 2011) collects labels.
///
/// ```
///   labels   ├─ expert drives ─┤├─ round 1 ─┤├─ round 2 ─┤ … ├─ round R ─┤
///   β                1              β₁           β₂              β_R
///   policy                     trained on all labels so far, then it drives, and the expert labels
/// ```
public struct DAggerConfiguration: Codable, Equatable, Sendable {
  /// Labels after the demonstrations and after each round, ascending: `[1000, 2000, 4000]` is
  /// 1,000 demonstration labels and two rounds.
  public var labelBudgets: [Int]
  /// β of round i is `expertShare · expertShareDecay^(i − 1)`: the chance, per chunk, that the expert drives.
  public var expertShare: Double
  /// The factor on the expert's share from round to round.
  public var expertShareDecay: Double
  /// Steps the learner executes of each chunk while it collects.
  public var executionHorizon: Int

  /// The defaults halve the expert's share from round to round; `validate` checks what they are replaced by.
  public init(
    labelBudgets: [Int], expertShare: Double = 0.5, expertShareDecay: Double = 0.5,
    executionHorizon: Int = 8
  ) {
    self.labelBudgets = labelBudgets
    self.expertShare = expertShare
    self.expertShareDecay = expertShareDecay
    self.executionHorizon = executionHorizon
  }

  /// What the settings may be.
  public enum Limits {
    /// Labels in all.
    public static let budgets = 1...1_000_000_000
    /// The expert's share, and the factor on it.
    public static let share = 0...1.0
  }

  /// β of a round, counted from 1.
  public func expertShare(round: Int) -> Double {
    var share = expertShare
    for _ in 1..<max(1, round) { share *= expertShareDecay }
    return share
  }

  /// - Throws: `UserError` naming the setting that is out of range.
  public func validate() throws {
    guard labelBudgets.count >= 2, labelBudgets[0] > 0,
      zip(labelBudgets, labelBudgets.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw UserError(
        "label budgets must be at least two ascending positive numbers, such as 1000,2000,4000; they are \(labelBudgets)"
      )
    }
    try NumberRange(Limits.budgets).require(labelBudgets[labelBudgets.count - 1], "the last label budget")
    for share in [expertShare, expertShareDecay] {
      try NumberRange(Limits.share).require(share, "the expert's share (β) and its decay")
    }
    try NumberRange(Horizons.Limits.steps).require(executionHorizon, "the execution horizon")
  }
}
