// A program with additions is `planar` that knows them.

import Foundation
import PlanarProgramTesting
import Testing

@Suite(.serialized) struct AddYourOwnTests {
  @Test func theAdditionsAreListedBesidePlanars() throws {
    let experiments = try run("add-your-own", ["experiment", "list"])
    #expect(experiments.status == 0 && experiments.output.contains("looking-often"))
    #expect(experiments.output.contains("covariate-shift"))
    let help = try run("add-your-own", ["train", "--help"])
    #expect(help.output.contains("one-step, linear"))
    let shown = try run("add-your-own", ["experiment", "show", "looking-often"])
    #expect(shown.output.contains("Hypothesis: ") && shown.output.contains("Prediction: "))
    #expect(try run("planar", ["experiment", "list"]).output.contains("looking-often") == false)
  }

  private static let folder = projectFolder.appendingPathComponent("Demos/add-your-own")

  /// The task, its success rule, its expert and the factor, by the ordinary commands, beside Planar's own environments.
  @Test func aTaskAndAFactorOfYourOwn() throws {
    let folder = try TestFolder()
    let list = try run("add-your-own", ["environment", "list"], in: Self.folder)
    #expect(list.output.contains("orbit") && list.output.contains("push-crowd"), "\(list.errors)")
    let shown = try run("add-your-own", ["environment", "show", "orbit"], in: Self.folder)
    #expect(shown.status == 0 && shown.output.contains("jerk"), "\(shown.errors)")
    let eval = ["eval", "--policy", "expert", "--environment", "orbit", "--episodes", "6"]
    let expert = try run("add-your-own", eval + ["--output", folder.path("expert")], in: Self.folder)
    #expect(expert.status == 0 && expert.output.contains("6 of 6 episodes"), "\(expert.output)\(expert.errors)")
    #expect(expert.output.contains("turns: "))
    let random = try run(
      "add-your-own",
      ["eval", "--policy", "random", "--environment", "orbit", "--episodes", "6", "--output", folder.path("random")],
      in: Self.folder)
    #expect(random.output.contains("0 of 6 episodes"), "\(random.output)\(random.errors)")
    // The factor is set like any other, and changes what happens.
    let still = try run(
      "add-your-own", eval + ["--set", "jerk=0", "--output", folder.path("still")], in: Self.folder)
    #expect(still.status == 0, "\(still.errors)")
    func episodes(_ name: String) throws -> Data { try Data(contentsOf: folder.url("\(name)/episodes.jsonl")) }
    #expect(try episodes("still") != episodes("expert"))
    let recorded = try run(
      "add-your-own",
      ["record", "--environment", "orbit", "--episodes", "4", "--output", folder.path("data")], in: Self.folder)
    #expect(recorded.status == 0, "\(recorded.errors)")
    let trained = try run(
      "add-your-own",
      [
        "train", "linear", "--data", folder.path("data"), "--environment", "orbit", "--steps", "3", "--batch-size",
        "16", "--no-evaluation", "--output", folder.path("policy"),
      ], in: Self.folder)
    #expect(trained.status == 0, "\(trained.errors)")
    // Planar itself has no such task.
    let planar = try run("planar", ["environment", "show", "orbit"], in: Self.folder)
    #expect(planar.status == 1 && planar.errors.contains("'orbit'"), "\(planar.errors)")
  }

  /// The page shows the code that is run here.
  @Test func thePageShowsTheDemo() throws {
    let page = try String(
      contentsOf: projectFolder.appendingPathComponent("Sources/Planar/Planar.docc/AddYourOwn.md"), encoding: .utf8)
    let files = try FileManager.default.contentsOfDirectory(at: Self.folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "swift" }
    let code = try files.map { try String(contentsOf: $0, encoding: .utf8) }
    let blocks = page.components(separatedBy: "```swift\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    #expect(blocks.count >= 6)
    for block in blocks { #expect(code.contains { $0.contains(block) }, "the demo does not say:\n\(block)") }
  }

  /// Recorded, trained, evaluated and compared by the ordinary commands.
  @Test func aHeadOfYourOwnGoesTheWholeWay() throws {
    let folder = try TestFolder()
    let trained = try run(
      "add-your-own",
      [
        "train", "linear", "--episodes", "8", "--steps", "5", "--batch-size", "16", "--no-evaluation", "--output",
        folder.path("policy"),
      ])
    #expect(trained.status == 0, "\(trained.errors)")
    let evaluated = try run(
      "add-your-own", ["eval", "--policy", folder.path("policy"), "--episodes", "3", "--output", folder.path("eval")])
    #expect(evaluated.status == 0 && evaluated.output.contains("of 3 episodes"), "\(evaluated.errors)")
    let compare = ["experiment", "run", "looking-often", "--policy", folder.path("policy"), "--episodes", "2"]
    let first = try run("add-your-own", compare + ["--output", folder.path("looking")])
    #expect(first.status == 0 && first.output.contains("steps of a chunk"), "\(first.errors)")
    let cells = try Data(contentsOf: folder.url("looking/cells.jsonl"))
    #expect(String(decoding: cells, as: UTF8.self).split(separator: "\n").count == 3)
    // The same command with --resume goes on with what is there; another plan is refused.
    let again = try run("add-your-own", compare + ["--resume", "--output", folder.path("looking")])
    #expect(again.status == 0)
    #expect(try Data(contentsOf: folder.url("looking/cells.jsonl")) == cells)
    let other = try run("add-your-own", compare.dropLast() + ["3", "--resume", "--output", folder.path("looking")])
    #expect(other.status == 1 && other.errors.contains("other settings (plan.json)"))
    // Planar itself has no such head.
    let planar = try run("planar", ["eval", "--policy", folder.path("policy"), "--episodes", "1"])
    #expect(planar.status == 1 && planar.errors.contains("there is no head 'linear'"), "\(planar.errors)")
  }
}
