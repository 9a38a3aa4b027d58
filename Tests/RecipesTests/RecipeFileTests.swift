// Recipe files: what is shipped can be read, and what is wrong is said with its line.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarLearning
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRecipes
import Testing

/// The message with which `body` is refused.
func refusal(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "accepted"
  } catch let error as UserError {
    return error.message
  } catch {
    return "not a UserError: \(error)"
  }
}

private func shippedRecipes() throws -> [URL] {
  try FileManager.default.contentsOfDirectory(at: Recipe.shippedFolder(), includingPropertiesForKeys: nil)
    .filter { $0.pathExtension == "yaml" }.sorted { $0.path < $1.path }
}

@Suite struct RecipeFileTests {
  @Test func shippedRecipesCanBeRead() throws {
    let files = try shippedRecipes()
    #expect(files.count >= 15)
    for file in files {
      let recipe = try Recipe(reading: file)
      #expect(recipe.name == file.deletingPathExtension().lastPathComponent)
      #expect(recipe.name.hasPrefix(recipe.environment.split(separator: "-")[0]))
      #expect(recipe.description.hasSuffix(".") && !recipe.evaluation.conditions.isEmpty, "\(recipe.name)")
      _ = try EnvironmentLibrary.environment(
        named: recipe.environment, settings: recipe.data.settings)
      if let teacher = recipe.teacher ?? recipe.trunkFrom {
        #expect(files.contains { $0.lastPathComponent == teacher + ".yaml" })
      }
    }
  }

  @Test func whatTheFileLeavesAwayHasItsDefault() throws {
    let recipe = try Recipe(yaml: "head: {name: diffusion}", file: "somewhere/mine.yaml")
    let usual = Recipe(name: "mine", head: try HeadChoice(named: "diffusion"))
    #expect(try recipe.json() == usual.json())
    #expect(recipe.environment == "push" && recipe.data.episodes == 2_000 && recipe.training.steps == 8_000)
    #expect(recipe.policy == NetworkRecipe(size: .small) && recipe.data.labelStride == 2)
  }

  @Test func whatTheFileSaysCounts() throws {
    let recipe = try Recipe(
      yaml: """
        name: other
        environment: detour
        robots: [arm3]
        data: {source: planner, episodes: 3, label_stride: 4, set: {friction: 0.5}, language: ko, image: 64}
        head:
          name: flow
          options: {steps: 5, time_sampling: uniform}
        horizons: {execution: 4}
        policy:
          size: regular
          trunk: {layers: 3}
          expert: {kind: unet, kernel: 3}
          text: {encoder: minilm, tokens: 2}
          observation: {objects: false, pixels: {frames: 2}}
        training: {steps: 7, average_decay: 0.5, seed: 12345678901}
        evaluation: {episodes: 9, conditions: [{split: paraphrase, command: swapped}, {}]}
        """, file: "mine.yaml")
    #expect(recipe.name == "other" && recipe.environment == "detour" && recipe.robots == ["arm3"])
    #expect(
      recipe.data.driver == .planner && recipe.data.labelStride == 4 && recipe.data.settings.pins == ["friction": 0.5])
    #expect(recipe.data.settings.language == .korean && recipe.data.settings.image == PictureSize(side: 64))
    let flow = try #require(recipe.head.options as? FlowOptions)
    #expect(flow == FlowOptions(timeSampling: .uniform, steps: 5))
    #expect(recipe.horizons.execution == 4 && recipe.horizons.prediction == 16)
    // Within what the file names, the size's defaults stay; another kind of expert has its own.
    #expect(recipe.policy.trunk == ContextTrunk.Configuration(layers: 3))
    #expect(recipe.policy.decoder == .unet(UNetDecoder.Configuration(kernel: 3)))
    #expect(recipe.policy.text.encoder == .minilm && recipe.policy.text.tokens == 2 && recipe.policy.text.heads == 4)
    #expect(
      recipe.policy.observation == ObservationConfiguration(objects: false, pixels: PixelConfiguration(frames: 2)))
    #expect(recipe.training.seed == 12_345_678_901 && recipe.training.averageDecay == 0.5)
    #expect(recipe.training.batchSize == 256 && recipe.training.learningRate == 2e-3)
    #expect(recipe.evaluation.conditions.map(\.settings.split) == [.paraphrase, .any])
    #expect(
      recipe.evaluation.conditions[0].command == .swapped
        && recipe.evaluation.conditions[1].settings.language == .english)
  }

  @Test(arguments: [
    ("head: {name: flow}\ntraning: {steps: 3}", "mine.yaml:2: unknown key 'traning'; did you mean 'training'?"),
    (
      "head: {name: flow}\ntraining:\n  batch_size: 3\n  learnig_rate: 1",
      "mine.yaml:4: unknown key 'training.learnig_rate'; did you mean 'learning_rate'?"
    ),
    (
      "head:\n  name: flow\n  options:\n    stepz: 5",
      "mine.yaml:4: unknown key 'head.options.stepz'; did you mean 'steps'?"
    ),
    (
      "head: {name: flow}\nevaluation:\n  conditions:\n    - {splitt: train}",
      "mine.yaml:4: unknown key 'evaluation.conditions[0].splitt'; did you mean 'split'?"
    ),
    ("head: {name: flow}\ntraining: {steps: many}", "mine.yaml:2: 'training.steps' must be a whole number, not 'many'"),
    ("head: {name: flow}\ntraining: {steps: 2.5}", "mine.yaml:2: 'training.steps' must be a whole number, not '2.5'"),
    (
      "head: {name: flow}\ndata: {action_noise: \"0.1\"}",
      "mine.yaml:2: 'data.action_noise' must be a number, not '0.1'"
    ),
    ("head: {name: flow}\ndata: 5", "mine.yaml:2: 'data' must be a mapping of keys to values, not '5'"),
    ("head: {name: flow}\nrobots: arm3", "mine.yaml:2: 'robots' must be a list, not 'arm3'"),
    (
      "head: {name: flow}\ndata: {language: fr}",
      "mine.yaml:2: 'data.language' cannot be that, not 'fr'; it must be one of en, ko, any"
    ),
    (
      "head:\n  name: flwo",
      "mine.yaml:2: 'head.name': there is no head 'flwo' (did you mean 'flow'?); the heads are \(HeadChoice.names.joined(separator: ", "))"
    ),
    ("name: x", "mine.yaml: the key 'head.name' is missing; give one of \(HeadChoice.names.joined(separator: ", "))"),
    (
      "head: {name: flow}\ndata: {image: 64x}",
      "mine.yaml:2: 'data.image': must be a picture's size in pixels, not '64x0'"
    ),
    (
      "head: {name: flow}\ndata: {options: {segments: many}}",
      "mine.yaml:2: 'data.options.segments' must be a number, not 'many'"
    ),
    (
      "head: {name: flow}\ndata: {robot: arm3}", "mine.yaml: data.robot is not for recipes: name the robots in 'robots'"
    ),
    (
      "head: {name: flow}\ntraining: {steps: 0}",
      "mine.yaml:2: 'training.steps' must be a whole number from 1 to 1000000000, not 0"
    ),
    (
      "head: {name: flow}\n\ntraining: {batch_size: 9223372036854775807}",
      "mine.yaml:3: 'training.batch_size' must be a whole number from 1 to 65536, not 9223372036854775807"
    ),
    (
      "head: {name: flow}\ndata: {action_noise: .inf}",
      "mine.yaml:2: 'data.action_noise' must be a finite number, not '.inf'"
    ),
    (
      "head: {name: flow}\nevaluation: {conditions: [{set: {friction: .nan}}]}",
      "mine.yaml:2: 'evaluation.conditions[0].set.friction' must be a finite number, not '.nan'"
    ),
    (
      "head: {name: flow}\nhorizons: {prediction: 1000000000}",
      "mine.yaml:2: 'horizons.prediction' must be a whole number from 1 to 1024, not 1000000000"
    ),
    (
      "head: {name: flow}\npolicy: {text: {vocabulary_limit: 1}}",
      "mine.yaml:2: 'policy.text.vocabulary_limit' must be a whole number from 4 to 65536, not 1"
    ),
    (
      "head: {name: flow}\ndata: {first_seed: 18446744073709551615}",
      "mine.yaml:2: 'data.first_seed' must be a whole number from 0 to 9223372036754775807, not 18446744073709551615"
    ),
    (
      "head: {name: flow}\npolicy: {trunk: {width: 1000000000000}}",
      "mine.yaml:2: 'policy.trunk.width' must be a whole number from 8 to 4096, not 1000000000000"
    ),
    // YAML 1.1 would read 80 and 8.
    (
      "head: {name: flow}\ndata: {episodes: 1:20}", "mine.yaml:2: 'data.episodes' must be a whole number, not '1:20'"
    ),
    ("head: {name: flow}\ndata: {episodes: 010}", "mine.yaml:2: 'data.episodes' must be a whole number, not '010'"),
    (
      "head: {name: flow}\ndata:\ntraining: {steps: 3}",
      "mine.yaml:2: 'data' is empty; give it a value or omit the key"
    ),
    (
      "head: {name: flow}\ndata: {first_seed: 5}",
      "mine.yaml: seed 5 lies among those reserved for evaluation and tuning; train on seeds from 1000000 on"
    ),
    (
      "head: {name: flow}\ntraining: {threads: 2}",
      "mine.yaml:2: 'training.threads' is no matter of a recipe: results do not depend on it; give --threads"
    ),
    ("head: {name: flow}\nhead: {name: act}", "mine.yaml:1: the key 'head' stands twice in one mapping"),
    ("", "mine.yaml is empty; a recipe names at least a head, as in 'head: {name: flow}'"),
    ("- a", "mine.yaml:1: the file must be a mapping of keys to values, such as 'environment: push'"),
    (
      "head: {name: one-step}",
      "mine.yaml: a one-step policy learns from a teacher: give the key 'teacher', the checkpoint of a flow policy"
    ),
    (
      "head: {name: one-step}\nteacher: push-flow\ntrunk_from: push-flow",
      "mine.yaml: trunk_from does not go with a teacher, whose trunk a policy starts from anyway; leave it out"
    ),
    (
      "head: {name: flow}\nmethod: dagger\ntrunk_from: push-flow",
      "mine.yaml: trunk_from does not go with the method dagger, which starts from new weights; leave it out"
    ),
    (
      "head: {name: flow}\nmethod: {name: dager}",
      "mine.yaml:2: 'method.name': there is no learning method 'dager' (did you mean 'dagger'?); the learning methods are behaviour-cloning, dagger, gated-dagger"
    ),

    (
      "head: {name: flow}\nevaluation: {first_seed: 99900}",
      "mine.yaml: evaluation.first_seed and evaluation.episodes must lie within the seeds reserved for evaluation, 0 to 99999"
    ),
  ])
  func mistakesAreNamedWithTheirLine(text: String, message: String) {
    #expect(refusal { _ = try Recipe(yaml: text, file: "mine.yaml") } == message)
  }

  /// A method has a short form, and files from before there was the key are read.
  @Test func aMethodIsNamedInThreeWays() throws {
    let options = "{budgets: [60, 120], round_steps: 5}"
    let long = try Recipe(yaml: "head: {name: flow}\nmethod: {name: dagger, options: \(options)}", file: "mine.yaml")
    let old = try Recipe(yaml: "head: {name: flow}\ndagger: \(options)", file: "mine.yaml")
    #expect(try long.json() == old.json())
    let dagger = try #require(long.method.method as? DAgger)
    #expect(dagger.budgets == [60, 120] && dagger.roundSteps == 5 && dagger.beta == DAgger().beta)
    let short = try Recipe(yaml: "head: {name: flow}\nmethod: dagger", file: "mine.yaml")
    #expect(short.method.method as? DAgger == DAgger())
    let none = try Recipe(yaml: "head: {name: flow}", file: "mine.yaml")
    #expect(none.method.method is BehaviourCloning)
    #expect(
      refusal {
        _ = try Recipe(
          yaml: "head: {name: flow}\nmethod: {name: behaviour-cloning, options: {beta: 1}}", file: "mine.yaml")
      }.hasPrefix("mine.yaml:2: unknown key 'method.options.beta'"))
  }

  /// Three hundred bytes of aliases to aliases would be gigabytes; one alias is no more than it says.
  @Test func aliasesStandForNoMoreThanWasWritten() throws {
    let levels = (1...8).map {
      "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ","))]\n"
    }
    let bomb = "head: {name: flow}\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + levels.joined()
    let message = refusal { _ = try Recipe(yaml: bomb, file: "mine.yaml") }
    #expect(message.hasPrefix("mine.yaml:") && message.contains("its aliases (*name) stand for far more"), "\(message)")
    let asKey = bomb + "? *a8\n: 1\n"
    #expect(
      refusal { _ = try Recipe(yaml: asKey, file: "mine.yaml") }.hasSuffix(
        "a key must be a text, no alias, list or mapping"))
    let plain = "head: {name: flow}\ndata: {episodes: &n 7}\nevaluation: {episodes: *n}"
    #expect(try Recipe(yaml: plain, file: "mine.yaml").evaluation.episodes == 7)
  }

  /// As an editor of another system saves it; and what is no text has a line.
  @Test func filesOfOtherEncodings() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("mine.yaml")
    let text = "head: {name: flow}\ndata: {episodes: 7}\n"
    for encoding in [String.Encoding.utf16, .utf8] {
      try text.data(using: encoding)!.write(to: url)
      #expect(try Recipe(reading: url).data.episodes == 7)
    }
    try (Data([0xEF, 0xBB, 0xBF]) + Data(text.utf8)).write(to: url)
    #expect(try Recipe(reading: url).data.episodes == 7)
    try (Data("head:\n".utf8) + Data([0xFF, 0x20])).write(to: url)
    #expect(refusal { _ = try Recipe(reading: url) }.hasSuffix("mine.yaml:2: is no UTF-8 text; save it as UTF-8"))
    #expect(refusal { _ = try Recipe(reading: folder) }.hasSuffix("is a folder, where a file is expected"))
  }

  @Test func aKeyUnderItsOldNameIsReadWithANote() throws {
    var notes: [String] = []
    let recipe = try Recipe(
      yaml: """
        head: {name: flow}
        data:
          segments: 5
        evaluation:
          conditions: [{segments: 9}]
        """, file: "mine.yaml"
    ) { notes.append($0) }
    #expect(recipe.data.settings.options == ["segments": 5])
    #expect(recipe.evaluation.conditions[0].settings.options == ["segments": 9])
    #expect(
      notes == [
        "mine.yaml:3: 'data.segments' is now called 'data.options.segments'",
        "mine.yaml:5: 'evaluation.conditions[0].segments' is now called 'evaluation.conditions[0].options.segments'",
      ])
    let new = try Recipe(yaml: "head: {name: flow}\ndata: {options: {segments: 5}}", file: "mine.yaml")
    #expect(try new.json() != recipe.json() && new.data == recipe.data)
  }

  @Test func aMissingFileIsNamed() {
    #expect(
      refusal { _ = try Recipe(reading: URL(fileURLWithPath: "/nowhere/mine.yaml")) }
        == "there is no recipe /nowhere/mine.yaml; the shipped ones are in Assets/recipes")
  }

  /// A head's name is a recipe, and the page tells all keys.
  @Test func thePageNamesEveryKey() throws {
    let page = try String(contentsOf: Recipe.shippedFolder().appendingPathComponent("README.md"), encoding: .utf8)
    var recipe = Recipe(name: "x", head: try HeadChoice(named: "flow"), method: DAgger())
    recipe.evaluation.conditions = [EvaluationCondition()]
    recipe.teacher = "x"
    recipe.trunkFrom = "x"
    recipe.policy.observation.pixels = PixelConfiguration(rows: 48)
    recipe.policy.text.maximumPieces = 8
    recipe.data.settings.image = PictureSize(side: 64)
    recipe.data.settings.touch = true
    recipe.data.settings.options = ["segments": 1]
    recipe.data.settings.actionSpace = "tip_move"
    recipe.data.actionNoise = 0
    recipe.data.pushProbability = 0
    var missing: [String] = []
    func visit(_ value: Any) {
      if let list = value as? [Any] { list.forEach(visit) }
      for (key, inner) in value as? [String: Any] ?? [:] {
        let name = key.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
        // The options of heads stand with the heads; threads are no matter of a recipe.
        if name == "options" || name == "threads" { continue }
        if !page.contains("`\(name)`") { missing.append(name) }
        visit(inner)
      }
    }
    visit(try JSONSerialization.jsonObject(with: recipe.json()))
    #expect(missing.sorted() == [])
    for file in try shippedRecipes() {
      let name = file.deletingPathExtension().lastPathComponent
      #expect(page.contains("`\(name)`"), "the page does not name \(name)")
    }
  }
}
