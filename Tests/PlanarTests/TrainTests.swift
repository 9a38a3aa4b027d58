// planar train with a recipe, and planar table: options count more than the file, and summaries become a page.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct TrainTests {
  private let recipe = """
    environment: reach
    data: {episodes: 8}
    head: {name: regression}
    policy: {trunk: {width: 16, layers: 1}, expert: {width: 16, blocks: 1, condition_width: 16}}
    training: {steps: 100, batch_size: 16, seed: 7}
    evaluation: {episodes: 10, conditions: [{}]}
    """

  @Test func optionsCountMoreThanTheRecipe() throws {
    let folder = try TestFolder()
    try Data(recipe.utf8).write(to: folder.url("mine.yaml"))
    let run = try planar(
      "train", folder.path("mine.yaml"), "--steps", "3", "--episodes", "9", "--no-evaluation", "--output",
      folder.path("run"))
    #expect(run.status == 0, "\(run.errors)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: folder.url("run/recipe.json"))) as? [String: Any])
    let training = try #require(object["training"] as? [String: Any])
    #expect(training["steps"] as? Int == 3 && training["batchSize"] as? Int == 16 && training["seed"] as? Int == 7)
    #expect((object["data"] as? [String: Any])?["episodes"] as? Int == 9)
    #expect(object["name"] as? String == "mine" && object["environment"] as? String == "reach")
    let card = try String(contentsOf: folder.url("run/MODEL-CARD.md"), encoding: .utf8)
    #expect(card.contains("Made by `planar train mine.yaml`, but with data.episodes 9, training.steps 3."))
    #expect(card.contains("Not measured"))
  }

  @Test func aMistakeInARecipeIsRefusedAtOnce() throws {
    let folder = try TestFolder()
    try Data("head: {name: flow}\ntrainin: {steps: 3}".utf8).write(to: folder.url("mine.yaml"))
    let run = try planar("train", folder.path("mine.yaml"), "--output", folder.path("run"))
    #expect(run.status != 0 && run.output.isEmpty)
    #expect(
      run.errors.hasPrefix("Error: \(folder.path("mine.yaml")):2: unknown key 'trainin'; did you mean 'training'?"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("run")))
  }

  @Test func evaluationsBecomeAPage() throws {
    let folder = try TestFolder()
    for (name, level) in [("a", "none"), ("b", "wide")] {
      let run = try planar(
        "eval", "--policy", "expert", "--environment", "reach", "--randomization", level, "--episodes", "10",
        "--output", folder.path("runs/\(name)"))
      #expect(run.status == 0, "\(run.errors)")
    }
    let run = try planar("table", folder.path("runs"), "--output", folder.path("page.md"))
    #expect(run.status == 0, "\(run.errors)")
    let page = try String(contentsOf: folder.url("page.md"), encoding: .utf8)
    #expect(page.contains("## `reach`") && page.contains("| policy | none | wide |"))
    #expect(page.contains("| `expert` | 100.0 % [69.2, 100.0] | 100.0 % [69.2, 100.0] |"))
  }
}
