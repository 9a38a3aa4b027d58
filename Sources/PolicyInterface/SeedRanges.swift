// Which seeds are for what, so that no policy is ever judged on an episode it learned from.

import PlanarCore

/// The reserved ranges of episode seeds.
///
/// | range | for |
/// |---|---|
/// | 0 – 99,999 | evaluation |
/// | 100,000 – 999,999 | tuning: looked at while choosing hyper-parameters |
/// | 1,000,000 and above | training: demonstrations and DAgger's rollouts |
public enum SeedRanges {
  /// Reserved for evaluation: nothing learns or is tuned on these.
  public static let evaluation: Range<UInt64> = 0..<100_000
  /// For choosing settings.
  public static let tuning: Range<UInt64> = 100_000..<1_000_000
  /// Training begins here.
  public static let firstTraining: UInt64 = 1_000_000

  /// Seeds that can be asked for: those of all episodes that are counted on from them are numbers too.
  public static let all: ClosedRange<UInt64> = 0...UInt64(Int64.max)
  /// How many episodes can be asked for at once.
  public static let counts = 1...100_000_000
  /// The same as a range with a sentence.
  public static let countRange = NumberRange(counts)

  /// Refuses episodes for measuring whose seeds are for training.
  ///
  /// - Throws: `UserError` that says which seeds to take.
  public static func requireMeasuring(firstSeed: UInt64, count: Int) throws {
    try countRange.require(count, "the number of episodes")
    try NumberRange(all).require(firstSeed, "the first seed")
    let last = firstSeed + UInt64(count) - 1
    guard last < firstTraining else {
      throw UserError(
        "seeds \(firstSeed) to \(last) reach into those that policies are trained on, from \(firstTraining) on; measure on seeds below, such as --seed 1000"
      )
    }
  }

  /// Refuses seeds for training that an evaluation could use.
  ///
  /// - Throws: `UserError` that says which seeds to take.
  public static func requireTraining(firstSeed: UInt64) throws {
    guard firstSeed >= firstTraining else {
      throw UserError(
        "seed \(firstSeed) lies among those reserved for evaluation and tuning; train on seeds from \(firstTraining) on"
      )
    }
  }
}
