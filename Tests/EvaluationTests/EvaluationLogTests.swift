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
