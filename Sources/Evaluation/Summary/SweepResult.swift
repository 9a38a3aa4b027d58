// Success against one item of domain randomization.

import Foundation
import PlanarCore

/// The values `item=least:most:count` that an evaluation goes through.
public struct SweepRange: Equatable, Sendable {
  /// Such as `friction`.
  public var item: String
  /// Evenly spaced, ascending.
  public var values: [Double]

  /// - Throws: `UserError` where the text is anything else.
  public init(_ text: String) throws {
    let sides = text.split(separator: "=", maxSplits: 1)
    let numbers = sides.count == 2 ? sides[1].split(separator: ":").map { Double($0) } : []
    guard numbers.count == 3, let least = numbers[0], let most = numbers[1], let count = numbers[2],
      least.isFinite, most.isFinite, least < most, count == count.rounded(), (2...200).contains(count)
    else {
      throw UserError(
        "--sweep takes an item, the least and the greatest value and how many, such as friction=0.25:2:8; it is '\(text)'"
      )
    }
    item = sides[0].trimmingCharacters(in: .whitespaces)
    values = (0..<Int(count)).map { least + (most - least) * Double($0) / (count - 1) }
  }
}

/// One value of a sweep and what was measured there.
public struct SweepPoint: Codable, Equatable, Sendable {
  /// What the item was set to.
  public var value: Double
  /// What was measured there.
  public var summary: EvaluationSummary

  /// A value of a sweep and its figures.
  public init(value: Double, summary: EvaluationSummary) {
    self.value = value
    self.summary = summary
  }
}

/// The figures of a sweep; every value met the same episodes.
public struct SweepResult: Codable, Equatable, Sendable {
  /// The randomization item that was varied.
  public var item: String
  /// The environment's name.
  public var environment: String
  /// The level of domain randomization of all other items.
  public var randomization: String
  /// The policy's name.
  public var policy: String
  /// The values in the order in which they were measured.
  public var points: [SweepPoint]

  /// The figures of a sweep.
  public init(
    item: String, environment: String, randomization: String, policy: String, points: [SweepPoint]
  ) {
    self.item = item
    self.environment = environment
    self.randomization = randomization
    self.policy = policy
    self.points = points
  }

  /// A table for people.
  public var text: String {
    var lines = [
      "\(policy) on \(environment) (\(randomization)), \(points[0].summary.episodes) episodes at each value of \(item)",
      "",
      "      value  success  95 % interval",
    ]
    for point in points {
      let summary = point.summary
      lines.append(
        String(
          format: "%11.4g  %5.1f %%  [%.1f, %.1f]", point.value, 100 * summary.successRate,
          100 * summary.intervalLow, 100 * summary.intervalHigh))
    }
    return lines.joined(separator: "\n")
  }

  /// The least and the greatest success in a sentence.
  public var headline: String {
    let sorted = points.sorted { $0.summary.successRate < $1.summary.successRate }
    guard let least = sorted.first, let most = sorted.last else { return "no value was measured" }
    func text(_ point: SweepPoint) -> String { "\(rateText(point.summary.success)) at \(fixed(point.value, 3))" }
    return
      "\(policy) in \(environment): success from \(text(least)) to \(text(most)) over \(points.count) values of \(item), \(least.summary.episodes) episodes each"
  }

  /// Success against the item, with intervals.
  public var plot: Plot {
    Plot(
      "\(policy) on \(environment)", x: PlotAxis(item), y: PlotAxis("success", range: 0...1, isPercentage: true),
      series: [
        Plot.Series(
          policy,
          points.map {
            Plot.Point(
              $0.value, $0.summary.successRate, low: $0.summary.intervalLow,
              high: $0.summary.intervalHigh)
          })
      ])
  }

  /// Writes `sweep.json` and `sweep.svg`.
  ///
  /// - Throws: `UserError` where the disk refuses.
  public func write(to folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try PartialFile.write(Data(plot.svg.utf8), to: folder.appendingPathComponent("sweep.svg"))
    try PartialFile.write(try encoder.encode(self), to: folder.appendingPathComponent("sweep.json"))
  }
}
