// A checkpoint knows where it was trained, and an environment has a name or a path.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct TrainedEnvironmentTests {
  private func summary(_ arguments: String...) throws -> (run: ProgramRun, summary: [String: Any]) {
    let folder = try TestFolder()
    let done = try run("planar", ["eval"] + arguments + ["--json", "--output", folder.path("eval")])
    #expect(done.status == 0, "\(arguments): \(done.errors)")
    return (done, try #require(try JSONSerialization.jsonObject(with: Data(done.output.utf8)) as? [String: Any]))
  }

  private static let shipped = try! FileManager.default.contentsOfDirectory(
    atPath: projectFolder.appendingPathComponent("Assets/checkpoints").path
  ).filter { $0 != "push-flow-minilm" }.sorted()

  @Test(arguments: shipped)
  func everyShippedCheckpointIsMeasuredWhereItWasTrained(name: String) throws {
    let (run, summary) = try summary("--policy", "Assets/checkpoints/\(name)", "--episodes", "1")
    let environment = try #require(summary["environment"] as? String)
    #expect(name.hasPrefix(environment + "-"))
    #expect(!run.errors.contains("Note:"))
  }

  @Test func anEncoderThatIsNotHereIsNamedInASentence() throws {
    guard !FileManager.default.fileExists(atPath: projectFolder.appendingPathComponent("Assets/minilm").path) else {
      return
    }
    let run = try planar("eval", "--policy", "Assets/checkpoints/push-flow-minilm", "--episodes", "1")
    #expect(run.status == 1 && run.errors.split(separator: "\n").count == 1)
    #expect(run.errors.contains("make minilm"))
  }

  /// One policy of each head, in the heads' order; those that learn from others come first.
  @Test func theDemoShowsOnePolicyOfEachHead() throws {
    let run = try planar("demo", "--headless", "--environment", "push", "--episodes", "1")
    #expect(run.status == 0, "\(run.errors)")
    let rows = run.output.split(separator: "\n").filter { $0.contains(" of 1  ") }
    let names = rows.compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(
      names == [
        "push-flow-one-step", "push-regression", "push-bins", "push-fast", "push-act", "push-diffusion", "push-flow",
      ])
    #expect(run.suggestions.first?.hasSuffix(" eval --policy Assets/checkpoints/push-flow --environment push") == true)
  }

  @Test func elsewhereIsSaidOrRefused() throws {
    let refused = try planar("eval", "--policy", "Assets/checkpoints/detour-flow", "--environment", "push")
    #expect(refused.status == 1 && refused.output.isEmpty)
    #expect(
      refused.errors == "Error: 'detour-flow' was trained for detour, not for push; add --environment detour\n")
  }

  /// A copy of an environment outside of the project.
  private func copy(of name: String, named new: String, in folder: TestFolder) throws -> String {
    let path = folder.path(new)
    try FileManager.default.copyItem(
      atPath: projectFolder.appendingPathComponent("Environments/\(name)").path, toPath: path)
    let file = path + "/environment.yaml"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains("name: \(name)\n"))
    try text.replacing("name: \(name)\n", with: "name: \(new)\n").write(
      toFile: file, atomically: true, encoding: .utf8)
    return path
  }

  /// Record, look, train, measure and watch in an environment that has a path and no name here.
  @Test func anEnvironmentHasANameOrAPath() throws {
    let folder = try TestFolder()
    let path = try copy(of: "reach", named: "mine", in: folder)
    let data = folder.path("data")
    let record = try planar("record", "--environment", path, "--episodes", "8", "--output", data)
    #expect(record.status == 0, "\(record.errors)")
    let show = try planar("dataset", "show", data, "--count", "2", "--environment", path, "--json")
    #expect(show.status == 0 && show.output.contains("\"replay_is_faithful\" : true"), "\(show.errors)")
    let lost = try planar("dataset", "show", data, "--count", "2")
    #expect(lost.errors.contains("there is no environment 'mine'"))
    let training = try #require(record.suggestions.first)
    let train = try runInShell(training + " --steps 2 --batch-size 8")
    #expect(train.status == 0, "\(train.errors)")
    let policy = data + "-flow"
    let nowhere = try planar("eval", "--policy", policy, "--episodes", "1")
    #expect(
      nowhere.errors
        == "Error: 'data-flow' was trained for 'mine', which is not under Environments; add --environment and the path of its folder\n"
    )
    let eval = try runInShell(try #require(train.suggestions.first) + " --episodes 2 --output '\(folder.path("eval"))'")
    #expect(eval.status == 0 && !eval.errors.contains("was trained for"), "\(eval.errors)")
    let demo = try planar(
      "demo", "--headless", "--policies", policy, "--environment", path + "/environment.yaml", "--episodes", "1")
    #expect(demo.status == 0, "\(demo.errors)")
    // Its features are those of reach, so that it can run there; that is said.
    let other = try summary("--policy", policy, "--environment", "reach", "--episodes", "1")
    #expect(other.run.errors.contains("Note: 'data-flow' was trained for mine, and runs in reach\n"))
    #expect(other.summary["environment"] as? String == "reach")
    let bench = try planar("bench", "environment", "--only", path, "--seconds", "0.01", "--threads", "1", "--json")
    #expect(bench.status == 0, "\(bench.errors)")
  }

  @Test func aRunOnADatasetKnowsItsEnvironment() throws {
    let folder = try TestFolder()
    let data = folder.path("data")
    #expect(
      try planar(
        "record", "--environment", "trace", "--segments", "3", "--set", "friction=0.4", "--episodes", "8", "--output",
        data
      )
      .status == 0)
    let wrong = try planar("train", "flow", "--data", data, "--environment", "push", "--output", folder.path("no"))
    #expect(wrong.errors == "Error: the dataset \(data) is of trace, not of push; omit --environment\n")
    let train = try planar(
      "train", "flow", "--data", data, "--steps", "2", "--batch-size", "8", "--output", folder.path("policy"))
    #expect(train.status == 0, "\(train.errors)")
    let recipe = try String(contentsOf: folder.url("policy/recipe.json"), encoding: .utf8)
    #expect(recipe.contains("\"environment\" : \"trace\""))
    // The corridor and the friction of the training, unless told otherwise.
    let trained = try summary("--policy", folder.path("policy"), "--episodes", "1").summary
    #expect(trained["environment"] as? String == "trace")
    #expect(trained["variation"] as? [String: String] == ["segments": "3", "set.friction": "0.4"])
    let told = try summary("--policy", folder.path("policy"), "--episodes", "1", "--segments=2").summary
    #expect(told["variation"] as? [String: String] == ["segments": "2", "set.friction": "0.4"])
  }

  @Test func optionsOfTasksAreFlags() throws {
    let help = try planar("eval", "--help")
    #expect(help.output.contains("--segments"))
    let none = try planar("eval", "--policy", "expert", "--environment", "push", "--segments", "3")
    #expect(none.status == 1 && none.errors.contains("segments"))
    let half = try planar("eval", "--policy", "expert", "--environment", "trace", "--segments", "2.5")
    #expect(half.errors.hasPrefix("Error: the option 'segments' is 2.5, but must be a whole number from 1 to 10000"))
    let missing = try planar("eval", "--policy", "expert", "--environment", "trace", "--segments")
    #expect(missing.status == 64)
  }

  @Test func theProgramTellsItsVersion() throws {
    let run = try planar("--version")
    #expect(run.status == 0)
    #expect(run.output.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
  }
}
