// The settings of DAgger.

import PlanarCore

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
    guard (0...1).contains(expertShare), (0...1).contains(expertShareDecay) else {
      throw UserError("the expert's share (β) and its decay must lie between 0 and 1")
    }
    guard executionHorizon > 0 else {
      throw UserError("the execution horizon must be at least 1; it is \(executionHorizon)")
    }
  }
}
