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
    // The same command goes on with what is there; another plan is refused.
    let again = try run("add-your-own", compare + ["--output", folder.path("looking")])
    #expect(again.status == 0)
    #expect(try Data(contentsOf: folder.url("looking/cells.jsonl")) == cells)
    let other = try run("add-your-own", compare.dropLast() + ["3", "--output", folder.path("looking")])
    #expect(other.status == 1 && other.errors.contains("other settings (plan.json)"))
    // Planar itself has no such head.
    let planar = try run("planar", ["eval", "--policy", folder.path("policy"), "--episodes", "1"])
    #expect(planar.status == 1 && planar.errors.contains("there is no head 'linear'"), "\(planar.errors)")
  }
}
