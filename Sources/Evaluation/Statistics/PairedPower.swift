// How many episodes a comparison needs, before it is run.

/// The power of McNemar's exact test between two policies whose rates of discordant scenes are known or supposed.
public struct PairedPower: Equatable, Sendable {
  /// The probability that a scene is won by the first policy alone.
  public var onlyFirst: Double
  /// The probability that a scene is won by the second policy alone.
  public var onlySecond: Double
  /// The level of the two-sided test.
  public var alpha: Double

  /// Rates of discordant scenes, and the level of the test.
  public init(onlyFirst: Double, onlySecond: Double, alpha: Double = 0.05) {
    precondition(
      onlyFirst >= 0 && onlySecond >= 0 && onlyFirst + onlySecond <= 1, "rates are probabilities, at most 1 together")
    precondition(alpha > 0 && alpha < 1, "a level lies between 0 and 1")
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
    self.alpha = alpha
  }

  /// The most that a search for a number of scenes tries.
  public static let mostPairs = 1_000_000

  /// The probability that the test rejects after `pairs` scenes, by enumeration: over how many scenes are discordant, and
  /// over who wins them.
  ///
  /// Numbers of discordant scenes that are further than nine standard deviations off are left out.
  public func power(pairs: Int) -> Double {
    let discordance = onlyFirst + onlySecond
    guard pairs > 0, discordance > 0 else { return 0 }
    let share = onlyFirst / discordance
    let mean = Double(pairs) * discordance
    let width = 9 * (mean * (1 - discordance)).squareRoot() + 20
    let counts = max(1, Int(mean - width))...min(pairs, Int(mean + width) + 1)
    var critical = Self.criticalCount(of: counts.lowerBound, alpha)
    var power = 0.0
    for count in counts {
      if 2 * binomialCDF(critical + 1, trials: count, p: 0.5) <= alpha { critical += 1 }
      guard critical >= 0 else { continue }
      let weight = binomialMass(count, trials: pairs, p: discordance)
      guard weight > 1e-18 else { continue }
      let few = binomialCDF(critical, trials: count, p: share)
      let many = binomialCDF(critical, trials: count, p: 1 - share)
      power += weight * (few + many)
    }
    return min(1, power)
  }

  /// The number of scenes from which on the power is reached; nil where `mostPairs` are too few.
  ///
  /// The exact test's power does not grow with every single scene, as its level cannot be used up: it may fall short by a
  /// little again at a few numbers beyond.
  public func pairs(forPower power: Double) -> Int? {
    guard onlyFirst != onlySecond else { return nil }
    var most = 8
    while self.power(pairs: most) < power {
      guard most < Self.mostPairs else { return nil }
      most = min(2 * most, Self.mostPairs)
    }
    var least = most / 2
    while most - least > 1 {
      let middle = (least + most) / 2
      if self.power(pairs: middle) >= power { most = middle } else { least = middle }
    }
    return most
  }

  /// The number of scenes after which two policies with these rates are shown to be equivalent within `margin`; nil where
  /// they are not, or `mostPairs` are too few.
  ///
  /// By the normal approximation `(z_{1−α} + z_{1−β/2})² (q − δ²) / (margin − |δ|)²`, with the discordance q, the difference
  /// δ and the power 1 − β (Liu, Hsueh, Hsieh & Chen, Statistics in Medicine 21, 231–245, 2002), and at least as many as
  /// Newcombe's interval needs to fit where the rates come out as supposed.
  public func pairsForEquivalence(within margin: Double, power: Double) -> Int? {
    let difference = abs(onlyFirst - onlySecond)
    guard difference < margin else { return nil }
    let z = normalQuantile(1 - alpha) + normalQuantile((1 + power) / 2)
    let room = margin - difference
    let variance = onlyFirst + onlySecond - difference * difference
    let normal = (z * z * variance / (room * room)).rounded(.up)
    guard normal <= Double(Self.mostPairs) else { return nil }
    var least = 0
    var most = max(8, Int(normal))
    while !fits(margin, pairs: most) {
      guard most < Self.mostPairs else { return nil }
      least = most
      most = min(2 * most, Self.mostPairs)
    }
    least = max(least, Int(normal) - 1)
    while most - least > 1 {
      let middle = (least + most) / 2
      if fits(margin, pairs: middle) { most = middle } else { least = middle }
    }
    return most
  }

  /// Whether as many scenes as are to be expected show equivalence, all concordant scenes being won by both.
  private func fits(_ margin: Double, pairs: Int) -> Bool {
    let first = min(pairs, Int((onlyFirst * Double(pairs)).rounded()))
    let second = min(pairs - first, Int((onlySecond * Double(pairs)).rounded()))
    return PairedComparison(both: pairs - first - second, onlyFirst: first, onlySecond: second, neither: 0)
      .isEquivalent(within: margin, alpha: alpha)
  }

  /// The most wins of the weaker side at which the test still rejects; −1 where it never does.
  private static func criticalCount(of discordant: Int, _ alpha: Double) -> Int {
    var (rejects, keeps) = (-1, discordant / 2 + 1)
    while keeps - rejects > 1 {
      let middle = (rejects + keeps) / 2
      if 2 * binomialCDF(middle, trials: discordant, p: 0.5) <= alpha { rejects = middle } else { keeps = middle }
    }
    return rejects
  }
}
