// Numbers, files and choices that cannot be, given to the program as its user would: one sentence, at once.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct BoundsTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  /// Expects a refusal that names what is wrong, without a crash or a raw text of a library.
  private func expectRefusal(
    _ part: String, _ run: ProgramRun, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(run.status == 1 || run.status == 64, sourceLocation: sourceLocation)
    #expect(
      run.errors.hasPrefix("Error: ") && run.errors.contains(part), "\(run.errors)", sourceLocation: sourceLocation)
    for raw in ["EncodingError", "DecodingError", "NSCocoaErrorDomain", "Fatal error", "Swift."] {
      #expect(!run.errors.contains(raw), sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [
    [
      "eval", "--policy", "planner", "--environment", "pusht", "--episodes", "1", "--plan-samples",
      "9223372036854775807",
    ],
    ["eval", "--policy", "expert", "--episodes", "1000000000000000000"],
    ["eval", "--policy", "push-flow", "--delay", "9223372036854775807", "--switching", "naive"],
    ["eval", "--policy", "push-flow", "--guidance-scale", "nan"],
    ["eval", "--policy", "push-flow", "--temporal-ensembling", "inf"],
    ["fuzz", "--steps", "9223372036854775807", "--scenes", "9223372036854775807"],
    ["record", "--environment", "reach", "--action-noise", "inf", "--output", "/nowhere"],
    ["record", "--environment", "reach", "--label-stride", "0", "--output", "/nowhere"],
    ["train", "flow", "--learning-rate", "inf"], ["train", "flow", "--learning-rate", "1e18"],
    ["train", "flow", "--steps", "9223372036854775807"],
    ["dagger", "--round-steps", "0"], ["dagger", "--beta", "nan"],
    ["bench", "--seconds", "inf"], ["bench", "nn", "--threads", "0"], ["demo", "--headless", "--episodes", "0"],
    ["environment", "render", "push", "--size", "1000000000"], ["eval", "--policy", "expert", "--threads", "1000000"],
    ["compare", "covariate-shift", "--steps", "0"],
    ["environment", "check", "push", "--resets", "9223372036854775807"],
  ])
  func numbersOutOfRange(arguments: [String]) throws {
    expectRefusal("it must be a", try run("planar", arguments))
  }

  @Test(arguments: [
    ["--randomization", "nan"], ["--set", "friction=1"], ["--robot", "arm9"], ["--language", "ko"], ["--split", "any"],
    ["--image", "32"], ["--touch"], ["--segments", "4"], ["--action-space", "tip_target"], ["--rung", "2"],
    ["--episodes", "5"], ["--action-noise", "0"], ["--push-probability", "0"], ["--shove-probability", "0"],
    ["--label-stride", "4"],
  ])
  func whatADatasetDecidesIsNotAskedFor(options: [String]) throws {
    let option = options[0] == "--segments" ? "--task-option" : options[0]
    expectRefusal(
      "\(option) says how demonstrations are recorded, but those of runs/demonstrations are; omit it",
      try run("planar", ["train", "flow", "--data", "runs/demonstrations"] + options))
  }

  @Test func trainingSeedsAreNotMeasuredOn() throws {
    expectRefusal(
      "seeds 1000000 to 1000002 reach into those that policies are trained on, from 1000000 on",
      try planar("eval", "--policy", "expert", "--episodes", "3", "--seed", "1000000"))
    expectRefusal(
      "seeds 999999 to 1000001 reach", try planar("eval", "--policy", "expert", "--episodes", "3", "--seed", "999999"))
  }

  @Test func anOptionGivenTwiceIsRefused() throws {
    expectRefusal(
      "--episodes is given 2 times, but has one value; give it once",
      try planar("eval", "--policy", "expert", "--episodes", "3", "--episodes=4"))
    expectRefusal(
      "--seconds is given 2 times, but has one value; give it once",
      try planar("bench", "--seconds", "1", "--seconds", "2"))
    expectRefusal(
      "--set friction is given twice",
      try planar("eval", "--policy", "expert", "--set", "friction=1", "--set", "friction=2"))
    expectRefusal(
      "the task's option 'segments' is given twice",
      try planar(
        "eval", "--policy", "expert", "--environment", "trace", "--segments", "4", "--segments", "5", "--episodes", "1")
    )
    let both = try planar(
      "eval", "--policy", "expert", "--environment", "reach", "--set", "friction=1", "--set", "tilt=0.01", "--episodes",
      "2", "--output", folder.path("both"))
    #expect(both.status == 0, "\(both.errors)")
  }

  @Test func summariesThatCannotBe() throws {
    let run = folder.url("run")
    let made = try planar(
      "eval", "--policy", "expert", "--environment", "reach", "--episodes", "3", "--output", run.path)
    #expect(made.status == 0, "\(made.errors)")
    let file = run.appendingPathComponent("summary.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    for (edit, part) in [
      ("\"episodes\" : -3", "says that 3 of -3 episodes succeeded"),
      ("\"episodes\" : 1e300", "'episodes' must be a whole number, not '1e300'"),
      ("\"episodes\" : 2", "says that 3 of 2 episodes succeeded"),
    ] {
      try text.replacing("\"episodes\" : 3,\n  \"first", with: edit + ",\n  \"first").write(
        to: file, atomically: true, encoding: .utf8)
      expectRefusal(part, try planar("table", run.path))
    }
  }

  @Test func anEnvironmentAboveTheWorkingFolderIsSaid() throws {
    let home = folder.url("home")
    let below = home.appendingPathComponent("a/b")
    try FileManager.default.createDirectory(at: below, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: projectFolder.appendingPathComponent("Environments"), to: home.appendingPathComponent("Environments"))
    let run = try run(
      "planar", ["eval", "--policy", "expert", "--environment", "reach", "--episodes", "2", "--output", "out"],
      in: below,
      hiding: ["PLANAR_HOME"])
    #expect(run.status == 0)
    #expect(run.errors.contains("Note: the environment 'reach' is read from "), "\(run.errors)")
    #expect(run.errors.contains("/home/Environments/reach, above the working folder"), "\(run.errors)")
  }

  /// Weights as no training leads to give no silent 0 %.
  @Test func weightsBeyondMeasureAreSaid() throws {
    let copy = try TinyCheckpoint.shared.get().copy(in: folder)
    let url = copy.appendingPathComponent("model.safetensors")
    try ScaledWeights.write(url, factor: 1e20)
    expectRefusal(
      "and no training leads beyond ±1000000.0", try planar("eval", "--policy", copy.path, "--episodes", "2"))
  }

  @Test func wordsThatAreNotReadAreSaid() throws {
    let policy = try TinyCheckpoint.shared.get().path
    let wordings = folder.url("long.txt")
    let tail = String(repeating: "if it is not too much trouble, I would like you to please ", count: 3)
    try (tail + "push the {color} {shape} to the {zone} zone\n").write(to: wordings, atomically: true, encoding: .utf8)
    let run = try planar(
      "eval", "--policy", policy, "--episodes", "2", "--wordings", wordings.path, "--output", folder.path("long"))
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("Note: 2 of 2 commands are longer than the policy reads: '"), "\(run.errors)")
    #expect(run.errors.contains("are cut off"), "\(run.errors)")
  }

  /// A policy that is to read four sub-words of each command is trained, and its maker is told.
  @Test func wordsThatAreNotLearnedAreSaid() throws {
    let recipe = folder.url("short.yaml")
    try """
    environment: reach
    head: {name: regression}
    data: {episodes: 4}
    policy: {text: {maximum_pieces: 4}}
    training: {steps: 2, batch_size: 8}
    """.write(to: recipe, atomically: true, encoding: .utf8)
    let run = try planar("train", recipe.path, "--no-evaluation", "--output", folder.path("short"))
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains(" commands are longer than the policy reads: '"), "\(run.errors)")
    #expect(run.errors.contains("all behind the first 4 are cut off"), "\(run.errors)")
  }

  /// Folders of the same name are told apart; the same one twice is refused by both its names.
  @Test func policiesOfOneNameAreToldApart() throws {
    let policy = URL(fileURLWithPath: try TinyCheckpoint.shared.get().path)
    for parent in ["a", "b"] {
      try FileManager.default.createDirectory(at: folder.url(parent), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: policy, to: folder.url("\(parent)/model"))
    }
    let (a, b) = (folder.path("a/model"), folder.path("b/model"))
    let demo = ["demo", "--headless", "--episodes", "1", "--policies"]
    let run = try PlanarProgramTesting.run("planar", demo + ["\(a),\(b)", "--frames", folder.path("frames")])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("a/model") && run.output.contains("b/model"))
    let frames = try FileManager.default.contentsOfDirectory(atPath: folder.path("frames")).sorted()
    #expect(frames == ["a-model", "b-model"])
    expectRefusal(
      "--policies names one driver twice: '\(a)' and '\(a)/'; leave one of them away",
      try PlanarProgramTesting.run("planar", demo + ["\(a),\(a)/"]))
  }
}
