// planar dataset: what it prints of whole and of damaged datasets, and how it ends.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct DatasetTests {
  /// A copy of the tiny checkpoint's dataset, 16 episodes of `push` in one shard.
  private func data(in folder: TestFolder) throws -> String {
    try FileManager.default.copyItem(
      at: URL(fileURLWithPath: TinyCheckpoint.shared.get().data), to: folder.url("data"))
    return folder.path("data")
  }

  private func object(_ run: ProgramRun) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  @Test func infoCountsWhatIsThere() throws {
    let folder = try TestFolder()
    let data = try data(in: folder)
    let text = try planar("dataset", "info", data)
    #expect(text.status == 0)
    #expect(text.output.hasPrefix("\(data): environment push, randomization train, 10 actions a second\n16 episodes, "))
    for part in [
      "seeds 1000000 to 1000015", "episode length: ", "\nlanguage ", "\ncommand split ",
      "\ngoal: color ", "\ngoal: zone ",
      "\ndrawn per episode ", "observation.environment_state [3, 11]", "  tip_x (m) ",
      "action noise 0.3", "\n1 shard, ",
    ] { #expect(text.output.contains(part), "\(part)") }

    let lost = try planar("dataset", "info", data, "--environment", "nowhere")
    #expect(lost.status == 1 && lost.errors.contains("nowhere"))

    let json = try object(try planar("dataset", "info", data, "--json"))
    let total = try #require(json["total"] as? [String: Int])
    #expect(total["episodes"] == 16)
    let goals = try #require(json["goals"] as? [String: [String: [String: Int]]])
    for (_, values) in goals {
      #expect(values.values.reduce(0) { $0 + $1["episodes"]! } == 16)
    }
    #expect(json["damaged"] as? [Any] != nil && json["environment"] as? String == "push")
  }

  @Test func showReplaysEpisodes() throws {
    let folder = try TestFolder()
    let data = try data(in: folder)
    let sheet = folder.path("sheet.png")
    let run = try planar("dataset", "show", data, "--episode", "3", "--episode", "11", "--output", sheet)
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("episode 3 (seed 1000003): \""))
    #expect(lines[1].hasPrefix("episode 11 (seed 1000011): \""))
    for line in lines[0..<2] { #expect(line.hasSuffix("; replays exactly")) }
    #expect(lines[2].hasPrefix("Sheet: \(sheet) ("))
    let bytes = try Data(contentsOf: folder.url("sheet.png"))
    #expect(bytes.prefix(4) == Data([0x89, 0x50, 0x4e, 0x47]) && bytes.count > 5_000)

    let json = try object(try planar("dataset", "show", data, "--count", "3", "--json"))
    let episodes = try #require(json["episodes"] as? [[String: Any]])
    #expect(episodes.map { $0["episode"] as? Int } == [0, 5, 10])
    #expect(FileManager.default.fileExists(atPath: data + "/sheet.png"))

    let refused = try planar("dataset", "show", data, "--episode", "16")
    #expect(refused.status == 1)
    #expect(refused.errors == "Error: there is no episode 16 in \(data); its episodes are 0 to 15\n")
  }

  @Test func checkNamesWhatIsWrong() throws {
    let folder = try TestFolder()
    let data = try data(in: folder)
    let whole = try planar("dataset", "check", data)
    #expect(whole.status == 0 && whole.output.hasPrefix("\(data): nothing is wrong with its 1 shard (16 episodes, "))

    let shard = folder.url("data/episodes-00000.safetensors")
    var bytes = try Data(contentsOf: shard)
    bytes[bytes.count / 2] ^= 0x10
    try bytes.write(to: shard)
    let flipped = try planar("dataset", "check", data)
    #expect(flipped.status == 1)
    #expect(flipped.output.hasPrefix("episodes-00000.safetensors has the checksum crc32:"))
    #expect(flipped.output.contains("\(data): 1 problem; 0 of 1 shard can be read (0 episodes, 0 frames, 0 labels)"))

    try FileManager.default.removeItem(at: shard)
    let json = try planar("dataset", "check", data, "--json")
    #expect(json.status == 1)
    let problems = try #require(try object(json)["problems"] as? [[String: Any]])
    #expect(problems.count == 1 && problems[0]["kind"] as? String == "damaged_shard")
    #expect(
      problems[0]["problem"] as? String == "cannot open episodes-00000.safetensors: No such file or directory")

    let none = try planar("dataset", "check", folder.path("none"))
    #expect(none.status == 1 && none.errors.contains("is no dataset"))
  }

  /// Two shards, one damaged: training goes on with the other and says so, or is refused on demand.
  @Test func trainingOnADamagedDataset() throws {
    let folder = try TestFolder()
    let data = folder.path("data")
    let record = try planar(
      "record", "--episodes", "260", "--label-stride", "8", "--output", data)
    #expect(record.status == 0, "\(record.errors)")
    let shard = folder.url("data/episodes-00000.safetensors")
    try Data(contentsOf: shard).dropLast(5).write(to: shard)
    func train(_ more: String...) throws -> ProgramRun {
      try run(
        "planar",
        ["train", "flow", "--data", data, "--steps", "2", "--batch-size", "8", "--output", folder.path("policy")]
          + more)
    }
    let strict = try train("--strict")
    #expect(strict.status == 1 && strict.errors.contains("episodes-00000.safetensors is truncated"))
    let rest = try train()
    #expect(rest.status == 0)
    #expect(rest.errors.contains("Warning: left out "))
    #expect(rest.errors.contains(" labels of \(data): episodes-00000.safetensors is truncated or damaged"))
    #expect(rest.errors.contains("give --strict to refuse"))
    #expect(rest.output.contains(" labels of 4 episodes"))
    let configuration = try String(contentsOf: folder.url("policy/config.json"), encoding: .utf8)
    #expect(configuration.contains("\"damaged_shards\" : \"episodes-00000.safetensors\""))

    try FileManager.default.removeItem(at: folder.url("data/episodes-00001.safetensors"))
    let nothing = try train("--overwrite")
    #expect(nothing.status == 1 && nothing.errors.contains("there is no label to train on"))
  }
}
