// Where sampled plans come from: deviations from a base plan, drawn at a few knots.

import Foundation
import PlanarCore

/// The distribution that plans are drawn from, and how a round's samples change it.
///
/// A sample is the base plan plus straight lines through `knots` numbers per action's number, each normal around
/// `mean` with its own `spread`, clamped to [−1, 1]. All storage is made by `begin` and used again.
struct PlanSampler: Sendable {
  let configuration: PlannerConfiguration
  /// `[knot, action]`
  private var mean: [Double] = []
  private var spread: [Double] = []
  /// Every sample's deviations of this round, `[sample, knot, action]`, and costs, infinite where not known.
  private var deviations: [Double] = []
  private var costs: [Double] = []
  /// The best samples of this round, best first.
  private var elites: [Int] = []
  private let eliteCount: Int

  init(_ configuration: PlannerConfiguration) {
    self.configuration = configuration
    eliteCount = configuration.method == .cem ? configuration.elites : 1
    elites.reserveCapacity(eliteCount + 1)
    costs = [Double](repeating: .infinity, count: configuration.samples)
  }

  /// Forgets what earlier plans taught.
  mutating func begin(dimension: Int) {
    let count = configuration.knots * dimension
    if mean.count != count {
      mean = [Double](repeating: 0, count: count)
      spread = mean
      deviations = [Double](repeating: 0, count: count * configuration.samples)
    }
    for i in 0..<count {
      mean[i] = 0
      spread[i] = configuration.noise
    }
    elites.removeAll(keepingCapacity: true)
  }

  /// Draws sample `index` and writes it as a plan.
  mutating func draw(
    _ index: Int, around base: [Float], into plan: inout Plan, using random: inout RandomStream
  ) {
    let first = index * mean.count
    let part = scale(of: index)
    for i in mean.indices { deviations[first + i] = mean[i] + part * spread[i] * random.normal() }
    write(deviations[first..<first + mean.count], around: base, into: &plan)
  }

  /// Writes the mean of the distribution as a plan.
  func writeMean(around base: [Float], into plan: inout Plan) {
    write(mean[...], around: base, into: &plan)
  }

  /// The part of the spread with which a sample is drawn.
  private func scale(of index: Int) -> Double {
    guard configuration.method != .cem, configuration.samples > 1 else { return 1 }
    let part = Double(index) / Double(configuration.samples - 1)
    return exp(part * log(configuration.leastNoise / configuration.noise))
  }

  private func write(_ knots: ArraySlice<Double>, around base: [Float], into plan: inout Plan) {
    let dimension = plan.dimension
    let last = configuration.knots - 1
    let knotsPerStep = Double(last) / Double(max(1, plan.horizon - 1))
    for step in 0..<plan.horizon {
      let position = Double(step) * knotsPerStep
      let knot = min(Int(position), last - 1)
      let part = position - Double(knot)
      for j in 0..<dimension {
        let left = knots[knots.startIndex + knot * dimension + j]
        let right = knots[knots.startIndex + (knot + 1) * dimension + j]
        let value = base[step * dimension + j] + Float(left + (right - left) * part)
        plan.actions[step * dimension + j] = min(1, max(-1, value))
      }
    }
  }

  /// The cost from which on a sample of this round changes nothing, so that its rollout can end early.
  var uselessCost: Double {
    switch configuration.method {
    case .predictive, .cem: elites.count < eliteCount ? .infinity : costs[elites[eliteCount - 1]]
    case .mppi: elites.isEmpty ? .infinity : costs[elites[0]] + 30 * configuration.temperature
    }
  }

  /// Takes the cost of sample `index`: infinite where it was found useless.
  mutating func note(cost: Double, of index: Int) {
    costs[index] = cost
    guard cost < .infinity else { return }
    var rank = elites.count
    while rank > 0, cost < costs[elites[rank - 1]] { rank -= 1 }
    elites.insert(index, at: rank)
    if elites.count > eliteCount { elites.removeLast() }
  }

  /// Ends a round: the distribution moves to what its samples taught.
  mutating func update() {
    defer { elites.removeAll(keepingCapacity: true) }
    guard let best = elites.first else { return }
    switch configuration.method {
    case .predictive:
      for i in mean.indices { mean[i] = deviations[best * mean.count + i] }
    case .cem:
      for i in mean.indices {
        var statistics = RunningStatistics()
        for elite in elites { statistics.add(deviations[elite * mean.count + i]) }
        mean[i] = statistics.mean
        spread[i] = max(configuration.leastNoise, statistics.standardDeviation)
      }
    case .mppi:
      var total = 0.0
      for i in mean.indices { mean[i] = 0 }
      for sample in 0..<configuration.samples where costs[sample] < .infinity {
        let weight = exp((costs[best] - costs[sample]) / configuration.temperature)
        total += weight
        for i in mean.indices { mean[i] += weight * deviations[sample * mean.count + i] }
      }
      for i in mean.indices { mean[i] /= total }
    }
  }
}
