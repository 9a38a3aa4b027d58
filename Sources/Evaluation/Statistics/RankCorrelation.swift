// Whether two measures put things in the same order.

/// Spearman's rank correlation (1904): Pearson's of the ranks, equal values sharing the mean of their ranks.
///
/// - Returns: −1 … 1; nil where one of the two does not vary or there are fewer than two pairs.
public func rankCorrelation(_ first: [Double], _ second: [Double]) -> Double? {
  precondition(first.count == second.count, "pairs need two values each")
  func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
      for place in start...end { ranks[order[place]] = Double(start + end) / 2 }
      start = end + 1
    }
    return ranks
  }
  guard first.count > 1 else { return nil }
  let (x, y) = (ranks(first), ranks(second))
  let mean = Double(first.count - 1) / 2
  var (products, squaresX, squaresY) = (0.0, 0.0, 0.0)
  for i in x.indices {
    products += (x[i] - mean) * (y[i] - mean)
    squaresX += (x[i] - mean) * (x[i] - mean)
    squaresY += (y[i] - mean) * (y[i] - mean)
  }
  guard squaresX > 0, squaresY > 0 else { return nil }
  return products / (squaresX * squaresY).squareRoot()
}
