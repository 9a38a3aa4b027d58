// What the program says to do next can be pasted, and does what it says.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct NextCommandTests {
  /// A folder whose name a shell would cut in two.
  private let folder: TestFolder
  private var home: String { folder.path("it's mine") }

  init() throws {
    folder = try TestFolder()
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
  }

  /// The one suggestion of a run that went well, or was stopped.
  private func suggestion(
    _ run: ProgramRun, status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.suggestions.count == 1, "\(run.output)", sourceLocation: sourceLocation)
    return try #require(run.suggestions.first, sourceLocation: sourceLocation)
  }

  private func object(_ path: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [String: Any])
  }

  /// Record → train → eval, in an environment that is not the usual one.
  @Test func recordingLeadsToTrainingLeadsToMeasuring() throws {
    let data = home + "/demos"
    let train = try suggestion(
      try planar("record", "--environment", "reach", "--episodes", "16", "--language", "ko", "--output", data))
    let eval = try suggestion(try runInShell(train + " --steps 3 --batch-size 8"))
    #expect(try object(data + "-flow/recipe.json")["environment"] as? String == "reach")
    let run = try runInShell(eval + " --episodes 3 --json --output '\(folder.path("eval"))'")
    #expect(run.status == 0, "\(run.errors)")
    let summary = try object(folder.path("eval/summary.json"))
    // Where it was trained, and in the only language that it knows.
    #expect(summary["environment"] as? String == "reach")
    #expect((summary["variation"] as? [String: String])?["language"] == "ko")
  }

  @Test func anInterruptedTrainingGoesOn() throws {
    let output = home + "/run"
    let arguments = [
      "train", "regression", "--environment", "reach", "--episodes", "8", "--batch-size", "8", "--size", "small",
      "--no-evaluation", "--output=\(output)", "--steps",
    ]
    let stopped = try run("planar", arguments + ["6000"]) {
      FileManager.default.fileExists(atPath: output + "/log.jsonl")
    }
    let again = try suggestion(stopped, status: 130)
    #expect(stopped.output.contains("Stopped; go on with:"))
    #expect(FileManager.default.fileExists(atPath: output + "/training_state.safetensors"))
    let resumed = try runInShell(again)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(FileManager.default.fileExists(atPath: output + "/model.safetensors"))
    #expect(!FileManager.default.fileExists(atPath: output + "/training_state.safetensors"))
  }

  @Test func anInterruptedRecordingGoesOn() throws {
    let data = home + "/demos"
    let stopped = try run(
      "planar", ["record", "--environment", "reach", "--episodes", "1000", "--seed", "1000100", "--output", data]
    ) { FileManager.default.fileExists(atPath: data + "/stats.json") }
    #expect(stopped.status == 130 && stopped.suggestions.count == 2, "\(stopped.output)\(stopped.errors)")
    let again = try runInShell(try #require(stopped.suggestions.first))
    #expect(again.status == 0, "\(again.errors)")
    let info = try object(data + "/info.json")
    #expect(info["total_episodes"] as? Int == 1000)
  }

  /// A headless demo in any environment says how to measure what was seen.
  @Test func theDemoLeadsToMeasuring() throws {
    let eval = try suggestion(
      try planar(
        "demo", "--headless", "--environment", "reach", "--episodes", "1", "--policies", "Assets/checkpoints/reach-flow"
      ))
    let run = try runInShell(eval + " --episodes 2 --output '\(folder.path("eval"))'")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try object(folder.path("eval/summary.json"))["environment"] as? String == "reach")
  }

  @Test func aDatasetsFolderTakesNoCheckpoint() throws {
    let data = try TinyCheckpoint.shared.get().data
    let run = try TinyCheckpoint.train(data: data, output: data)
    #expect(run.status == 1)
    #expect(run.errors == "Error: \(data) holds a dataset; give the checkpoint a folder of its own with --output\n")
  }
}
