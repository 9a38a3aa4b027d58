// Many tests in one table: p-values that may be read side by side.

/// The p-values of a family of tests, adjusted so that the probability of any false claim among them stays below the level
/// at which they are read, whichever hypotheses are true (Holm, Scandinavian Journal of Statistics 6, 65–70, 1979).
///
/// The i-th smallest of m is multiplied by m − i + 1, and none becomes smaller than one before it.
///
/// - Returns: in the order of `pValues`.
public func holmAdjusted(_ pValues: [Double]) -> [Double] {
  var adjusted = pValues
  var most = 0.0
  let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
  for (rank, index) in order.enumerated() {
    most = max(most, min(1, pValues[index] * Double(pValues.count - rank)))
    adjusted[index] = most
  }
  return adjusted
}
