// Outcomes on disk as they come: a stopped evaluation goes on to the bytes of one that was not.

import Foundation
import PlanarCore
import PlanarEvaluation
import PlanarPolicyInterface
import PlanarRollouts
import PlanarToyWorld
import Synchronization
import Testing

@Suite final class EvaluationLogTests {
  private let root = FileManager.default.temporaryDirectory.appendingPathComponent("planar-log-\(UUID().uuidString)")
  private let plan = RolloutPlan(
    world: PointWorld(), seeds: (0..<43).map { UInt64(100 + $0) }, driver: .policy(PointPolicy()), threads: 2,
    blockSize: 8)
  private var record: EvaluationPlan { EvaluationPlan(of: plan, policy: "point") }

  init() throws { try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: root) }

  private func folder(_ name: String) throws -> URL {
    let url = root.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  /// Evaluates until `blocks` more blocks are there, or to the end.
  private func evaluate(_ folder: URL, resumes: Bool, blocks: Int = .max) throws {
    let log = try EvaluationLog(in: folder, of: record, resumes: resumes)
    let stop = StopFlag()
    let left = Mutex(blocks)
    try rollOut(plan, skipping: log.count, stop: stop) { episodes in
      if left.withLock({
        $0 -= 1; return $0 < 0
      }) {
        return stop.raise()
      }
      try log.append(episodes.map(\.outcome))
    }
    guard log.isComplete else { return }
    try log.finish(
      EvaluationSummary(of: log.statistics, environment: "point", randomization: "train", policy: "point"))
  }

  private func bytes(_ folder: URL, _ name: String) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent(name))
  }

  @Test func aResumedEvaluationHasTheBytesOfAWholeOne() throws {
    let (whole, parts) = (try folder("whole"), try folder("parts"))
    try evaluate(whole, resumes: false)
    try evaluate(parts, resumes: false, blocks: 2)
    #expect(!FileManager.default.fileExists(atPath: parts.appendingPathComponent("summary.json").path))
    // What a kill in the midst of a block's lines leaves.
    let url = parts.appendingPathComponent("episodes.jsonl")
    let some = try bytes(whole, "episodes.jsonl").split(separator: UInt8(ascii: "\n"))
    let cut = some[0..<21].joined(separator: [UInt8(ascii: "\n")])
    try Data(cut.dropLast(7)).write(to: url)
    try evaluate(parts, resumes: true, blocks: 1)
    #expect(try EvaluationLog(in: parts, of: record, resumes: true).count == 24)
    try evaluate(parts, resumes: true)
    for name in ["evaluation.json", "episodes.jsonl", "summary.json"] {
      #expect(try bytes(whole, name) == bytes(parts, name), "\(name)")
    }
    // Going on with a finished one changes nothing.
    try evaluate(parts, resumes: true)
    #expect(try bytes(whole, "summary.json") == bytes(parts, "summary.json"))
    let outcomes = try rollOut(plan).map(\.outcome)
    #expect(try readEpisodes(whole.appendingPathComponent("episodes.jsonl")) == outcomes)
    let atOnce = root.appendingPathComponent("at-once.json")
    try writeSummary(
      EvaluationSummary(of: outcomes, environment: "point", randomization: "train", policy: "point"), to: atOnce)
    #expect(try Data(contentsOf: atOnce) == bytes(whole, "summary.json"))
  }

  /// Only what a stop leaves is cut off; what was changed since it was written is told.
  @Test func aDamagedLineIsNotGoneOnWith() throws {
    let folder = try folder("run")
    try evaluate(folder, resumes: false, blocks: 3)
    let url = folder.appendingPathComponent("episodes.jsonl")
    let whole = try bytes(folder, "episodes.jsonl").split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0, as: UTF8.self)
    }
    #expect(whole.count == 24)
    func message(_ change: (inout [String]) -> Void) throws -> String {
      var lines = whole
      change(&lines)
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url)
      do {
        return "\(try EvaluationLog(in: folder, of: record, resumes: true).count) episodes"
      } catch { return "\(error)" }
    }
    let told = "\(url.path), line 5: not the outcome of episode 4 of 43; remove this line and all below it"
    #expect(try message { $0[4] = String($0[4].dropLast()) }.hasPrefix(told))
    #expect(try message { $0[4] = $0[5] }.hasPrefix(told))
    #expect(try message { $0.remove(at: 4) }.hasPrefix(told))
    #expect(try message { $0[4].replace(/"steps":\d+/, with: "\"steps\":-3") }.hasPrefix(told))
    #expect(try message { $0[4].replace(/"success":\w+/, with: "\"success\":7") }.hasPrefix(told))
    // What never reached the disk when the power failed: the block before it counts.
    #expect(try message { $0[12] = "\0\0\0" } == "8 episodes")
    #expect(try message { _ in } == "24 episodes")
  }

  @Test func aSweepGoesOnWithSoundPointsOnly() throws {
    let folder = try folder("sweep")
    let plan = SweepPlan(item: "friction", values: [0.25, 0.5, 1], first: record)
    let outcomes = try rollOut(self.plan).map(\.outcome)
    let summary = EvaluationSummary(
      of: outcomes, environment: record.environment, randomization: record.randomization, policy: record.policy)
    var log = try SweepLog(in: folder, of: plan, resumes: false)
    for value in [0.25, 0.5] { try log.append(SweepPoint(value: value, summary: summary)) }
    let url = folder.appendingPathComponent("points.jsonl")
    let whole = try String(contentsOf: url, encoding: .utf8)
    func message(_ text: String) throws -> String {
      try Data(text.utf8).write(to: url)
      do { return "\(try SweepLog(in: folder, of: plan, resumes: true).points.count) points" } catch {
        return "\(error)"
      }
    }
    #expect(try message(whole) == "2 points")
    #expect(try message(whole + "{\"value\":1,\"su") == "2 points")
    let lines = whole.split(separator: "\n").map(String.init)
    func changed(_ from: String, _ to: String) throws -> String {
      #expect(lines[0].contains(from), "\(lines[0])")
      return try message([lines[0].replacing(from, with: to), lines[1]].joined(separator: "\n") + "\n")
    }
    for (from, to) in [
      ("{", ""), ("\"value\":0.25", "\"value\":0.5"), ("\"episodes\":43", "\"episodes\":-3"),
      ("\"successes\":\(summary.successes)", "\"successes\":44"), ("\"drawn_goal_rate\":", "\"drawn_goal_rate\":7"),
      ("\"first_seed\":100", "\"first_seed\":0"), ("\"success_rate\":", "\"success_rate\":1"),
    ] {
      let message = try changed(from, to)
      #expect(message.hasPrefix("\(url.path), line 1: ") && message.contains("remove this line"), "\(from): \(message)")
    }
    let third = try message(whole + whole)
    #expect(
      third.hasPrefix("\(url.path), line 3: the point of friction 0.25, where that of 1.0 is expected"), "\(third)")
  }

  @Test func anotherPlanIsNotGoneOnWith() throws {
    let folder = try folder("run")
    func message(_ change: (inout EvaluationPlan) -> Void) -> String {
      var other = record
      change(&other)
      do {
        _ = try EvaluationLog(in: folder, of: other, resumes: true)
        return "accepted"
      } catch { return "\(error)" }
    }
    #expect(message { _ in }.contains("holds no evaluation to resume"))
    try evaluate(folder, resumes: false, blocks: 1)
    #expect(message { _ in } == "accepted")
    #expect(message { $0.episodes = 44 }.contains("other settings (evaluation.json); repeat them to resume"))
    #expect(message { $0.policyDetails["checksums"] = "crc32:0" }.contains("other settings"))
    #expect(message { $0.firstSeed = 101 }.contains("other settings"))
  }

  /// A summary beside the episodes of another run is not read as one evaluation.
  @Test func episodesAndSummaryMustAgree() throws {
    let folder = try folder("run")
    try evaluate(folder, resumes: false)
    #expect(try EvaluationRun(reading: folder).outcomes().count == 43)
    let lines = try bytes(folder, "episodes.jsonl").split(separator: UInt8(ascii: "\n"))
    try Data(lines.dropLast().joined(separator: [UInt8(ascii: "\n")])).write(
      to: folder.appendingPathComponent("episodes.jsonl"))
    #expect {
      try EvaluationRun(reading: folder).outcomes()
    } throws: { "\($0)".contains("has 42 episodes") && "\($0)".contains("summary.json beside it counts 43") }
  }
}
