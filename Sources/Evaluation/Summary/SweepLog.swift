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
  /// - Throws: `UserError` where the folder's sweep is another one or cannot be read, or the disk refuses.
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
        guard known.count < plan.values.count, let point = try? JSONDecoder().decode(SweepPoint.self, from: line),
          point.value == plan.values[known.count]
        else { return false }
        known.append(point)
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
