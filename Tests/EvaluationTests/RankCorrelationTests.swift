import PlanarEvaluation
import Testing

@Suite struct RankCorrelationTests {
  /// scipy.stats.spearmanr's documented example, with a tie.
  @Test func tiesShareTheirRanks() throws {
    let value = try #require(rankCorrelation([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]))
    #expect(abs(value - 0.820_782_681_668_123_3) < 1e-12)
  }

  @Test func orderIsAllThatCounts() {
    #expect(rankCorrelation([1, 10, 100], [-3, -2, 50]) == 1)
    #expect(rankCorrelation([1, 10, 100], [9, 2, 1]) == -1)
    #expect(rankCorrelation([1, 1, 1], [1, 2, 3]) == nil)
    #expect(rankCorrelation([1], [1]) == nil)
  }
}
