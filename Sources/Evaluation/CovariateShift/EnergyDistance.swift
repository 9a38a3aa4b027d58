// The distance between two clouds of points, and how large it would be by chance.

import PlanarCore

/// The energy distance of two samples with its permutation baseline.
public struct EnergyDistance: Codable, Equatable, Sendable {
  /// `2 E|X − Y| − E|X − X′| − E|Y − Y′|`, 0 or more; 0 where the samples are alike (Székely & Rizzo 2013).
  public var distance: Double
  /// The mean of the distance when the labels "first" and "second" are dealt again at random.
  public var chanceMean: Double
  /// The 95 % quantile of the same: a distance above it is no accident.
  public var chanceHigh: Double
  /// The share of deals, the real one included, that reach `distance`.
  public var p: Double

  /// Measures two samples.
  ///
  /// - Parameters:
  ///   - first: `[point][feature]`, not empty.
  ///   - second: the same features, not empty.
  ///   - permutations: how many random deals make the baseline.
  ///
  /// Complexity: O(n²·(features + permutations)) for n points in all.
  public init(between first: [[Float]], and second: [[Float]], permutations: Int = 99, seed: UInt64) {
    precondition(!first.isEmpty && !second.isEmpty, "a distance needs two samples")
    let points = first + second
    let distances = pairDistances(points)
    var stream = RandomStream(seed: seed, purpose: "energy permutation")
    let identity = Array(0..<points.count)
    let real = energy(distances, identity, first.count)
    let deals = (0..<permutations).map { _ in
      energy(distances, stream.permutation(points.count), first.count)
    }.sorted()
    distance = real
    chanceMean = deals.reduce(0, +) / Double(max(1, permutations))
    chanceHigh = deals.isEmpty ? 0 : quantile(0.95, ofSorted: deals)
    p = Double(1 + deals.count { $0 >= real }) / Double(1 + permutations)
  }
}

/// Euclidean distances of all pairs, `[n, n]`.
private func pairDistances(_ points: [[Float]]) -> [Double] {
  let n = points.count
  var distances = [Double](repeating: 0, count: n * n)
  for i in 0..<n {
    for j in 0..<i {
      var sum = 0.0
      for (a, b) in zip(points[i], points[j]) {
        let difference = Double(a) - Double(b)
        sum += difference * difference
      }
      let distance = sum.squareRoot()
      distances[i * n + j] = distance
      distances[j * n + i] = distance
    }
  }
  return distances
}

/// The V-statistic where the first `count` points of `order` are the first sample.
private func energy(_ distances: [Double], _ order: [Int], _ count: Int) -> Double {
  let n = order.count
  var within = (0.0, 0.0)
  var between = 0.0
  for i in 0..<n {
    let row = order[i] * n
    for j in 0..<i {
      let distance = distances[row + order[j]]
      if i < count {
        within.0 += distance
      } else if j >= count {
        within.1 += distance
      } else {
        between += distance
      }
    }
  }
  let (a, b) = (Double(count), Double(n - count))
  return max(0, 2 * between / (a * b) - 2 * within.0 / (a * a) - 2 * within.1 / (b * b))
}
