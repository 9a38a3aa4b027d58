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
