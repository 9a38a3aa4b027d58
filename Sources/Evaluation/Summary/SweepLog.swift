// The points of a sweep on disk, so that a stopped one goes on where it was.

import Foundation
import PlanarCore

/// What a sweep was asked; its `evaluation.json`.
public struct SweepPlan: Codable, Equatable, Sendable {
  /// The randomization item that is varied.
  public var item: String
  /// What it is set to.
  public var values: [Double]
  /// The evaluation at the first value.
  public var first: EvaluationPlan

  /// A sweep of one item.
  public init(item: String, values: [Double], first: EvaluationPlan) {
    (self.item, self.values, self.first) = (item, values, first)
  }
}

extension SweepPlan {
  /// The finished point that a line tells of.
  ///
  /// - Throws: `UserError` without a place, where it is no point or not the one of this number.
  fileprivate func point(of line: Data, number: Int) throws -> SweepPoint {
    guard number < values.count else { throw UserError("the sweep has \(values.count) points, and this is one more") }
    let point: SweepPoint
    do { point = try JSONDecoder().decode(SweepPoint.self, from: line) } catch let error as UserError {
      throw UserError("the point \(error.message)")
    } catch {
      throw UserError("not a point of a sweep")
    }
    guard point.value == values[number] else {
      throw UserError("the point of \(item) \(point.value), where that of \(values[number]) is expected")
    }
    let summary = point.summary
    guard summary.environment == first.environment, summary.randomization == first.randomization,
      summary.policy == first.policy, summary.firstSeed == first.firstSeed, summary.episodes == first.episodes
    else { throw UserError("the point of another evaluation than evaluation.json asks for") }
    try summary.requireLimits(in: "summary")
    for row in summary.byCondition.values.joined() { try row.requireLimits(in: "summary.by_condition") }
    return point
  }
}

/// `evaluation.json` and `points.jsonl` of a sweep under way, a line for each finished value. `sweep.json`, written when
/// all are there, makes it count.
public struct SweepLog: Sendable {
  /// The finished points, in the order of the values.
  public private(set) var points: [SweepPoint] = []
  private let folder: URL
  private let plan: SweepPlan
  private var log: LineLog?

  /// Begins a sweep, or goes on with one.
  ///
  /// - Parameter resumes: keep the folder's points.
  /// - Throws: `UserError` where the folder's sweep is another one or cannot be read, a line of its points is damaged, or
  ///   the disk refuses.
  public init(in folder: URL, of plan: SweepPlan, resumes: Bool) throws {
    self.folder = folder
    self.plan = plan
    guard resumes else { return }
    let planURL = folder.appendingPathComponent("evaluation.json")
    guard let data = try? Data(contentsOf: planURL), let saved = try? JSONDecoder().decode(SweepPlan.self, from: data),
      saved == plan
    else {
      throw UserError(
        "\(folder.path) holds an evaluation with other settings (evaluation.json); repeat them to resume, or give another --output"
      )
    }
    let url = folder.appendingPathComponent("points.jsonl")
    var kept = 0
    var known: [SweepPoint] = []
    if FileManager.default.fileExists(atPath: url.path) {
      try forEachLine(of: url) { line, end in
        if isGap(line) { return false }
        do { known.append(try plan.point(of: line, number: known.count)) } catch let error as UserError {
          throw UserError(
            "\(url.path), line \(known.count + 1): \(error.message); remove this line and all below it to measure their points again"
          )
        }
        kept = end
        return true
      }
    }
    points = known
    log = try LineLog(url, keepingBytes: kept)
  }

  /// Adds the next value's point; the folder is begun with the first.
  ///
  /// - Throws: `UserError` where the disk refuses.
  public mutating func append(_ point: SweepPoint) throws {
    if log == nil {
      try writeSummary(plan, to: folder.appendingPathComponent("evaluation.json"))
      log = try LineLog(folder.appendingPathComponent("points.jsonl"))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try log?.append(try encoder.encode(point) + Data("\n".utf8))
    points.append(point)
  }
}
