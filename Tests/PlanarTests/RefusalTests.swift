// What cannot be done is refused at once, with one sentence that helps and an exit code that says so.

import Foundation
import PlanarProgramTesting
import PlanarTensorFiles
import Testing

/// Expects a run to fail with exactly this sentence on standard error, and nothing on standard output.
private func expectRefusal(
  _ message: String, status: Int32 = 1, sourceLocation: SourceLocation = #_sourceLocation,
  _ run: ProgramRun
) {
  let first = run.errors.split(separator: "\n").first ?? ""
  #expect(first == "Error: \(message)", sourceLocation: sourceLocation)
  #expect(run.status == status, sourceLocation: sourceLocation)
  #expect(run.output.isEmpty, sourceLocation: sourceLocation)
}

/// What ArgumentParser exits with where the command line itself is wrong; the usage follows the sentence.
private let usage: Int32 = 64

@Suite struct RefusalTests {
  @Test func unknownFlag() throws {
    expectRefusal(
      "Unknown option '--episods'. Did you mean '--episodes'?", status: usage,
      try planar("eval", "--policy", "expert", "--episods", "20"))
    expectRefusal(
      "Unknown option '--quickly'", status: usage,
      try planar("eval", "--policy", "expert", "--quickly"))
  }

  @Test(arguments: ["eval", "record", "demo", "train"])
  func episodesThatCannotBeCounted(command: String) throws {
    let others = [
      "eval": ["--policy", "expert"], "record": ["--output", "/nowhere"], "train": ["flow"],
    ]
    for count in ["0", "-3"] {
      expectRefusal(
        "The value '\(count)' is invalid for '--episodes <\(command == "record" ? "episodes" : "episodes")>': it must be a whole number from 1 to 100000000",
        status: usage,
        try run("planar", [command] + (others[command] ?? []) + ["--episodes=\(count)"]))
    }
  }

  @Test func seedsBeyondTheLast() throws {
    expectRefusal(
      "The value '18446744073709551600' is invalid for '--seed <seed>': it must be a whole number from 0 to 9223372036854775807",
      status: usage,
      try planar("eval", "--policy", "expert", "--seed", "18446744073709551600"))
  }

  @Test func delaysThatCannotBe() throws {
    expectRefusal(
      "The value '-1' is invalid for '--delay <delay>': it must be a whole number from 0 to 1024", status: usage,
      try planar("eval", "--policy", "expert", "--delay=-1"))
    expectRefusal(
      "delays, switching and temporal ensembling are for a policy that drives alone; experts and random actions are chosen every step, and mixtures execute by receding horizon",
      try planar("eval", "--policy", "expert", "--delay", "2"))
    let policy = try TinyCheckpoint.shared.get().path
    expectRefusal(
      "a delay of 9 control steps is too long for policy 'flow', whose chunks last 16: the old one must go on while the new one is computed; switch by waiting, or take a delay of at most 8",
      try planar("eval", "--policy", policy, "--delay", "9", "--switching", "naive"))
    expectRefusal(
      "temporal ensembling asks the policy every step; leave the execution horizon out, it is 8",
      try planar(
        "eval", "--policy", policy, "--temporal-ensembling", "0.01", "--execution-horizon", "8"))
  }

  @Test func unknownEnvironmentOrLevel() throws {
    expectRefusal(
      "there is no environment 'psh'; did you mean 'push'?",
      try planar("eval", "--policy", "expert", "--environment", "psh"))
    expectRefusal(
      "environment 'push' has no randomization level 'wild'; choose one of none, train, wide, real",
      try planar("eval", "--policy", "expert", "--randomization", "wild"))
  }

  @Test func whatNeedsAScriptForPushTWithAnArm() throws {
    let environment = "pusht-arm"
    for command in [["record", "--output", "/nowhere"], ["train", "flow"], ["dagger"]] {
      expectRefusal(
        "environment '\(environment)' has no scripted expert; let the planner demonstrate: 'record --from planner', 'dagger --expert planner', or 'source: planner' in a recipe",
        try run("planar", command + ["--environment", environment]))
    }
  }

  @Test func commandThatIsNotUnderstood() throws {
    expectRefusal(
      "no object is purple here; colors are red, green, blue or yellow: try 'push the red disc to the left zone'",
      try planar("demo", "--headless", "--command", "push the purple disc"))
    expectRefusal(
      "cannot understand 'gren' (did you mean 'green'?); try 'push the red disc to the left zone'",
      try planar("demo", "--headless", "--command", "push the gren disc to the left zone"))
    expectRefusal(
      "the command names no zone; say left, right, top or bottom: try 'push the red disc to the left zone'",
      try planar("demo", "--headless", "--command", "push the red disc"))
  }

  @Test func viewsThatCannotBeShown() throws {
    expectRefusal(
      "The value 'fan,fun' is invalid for '--show <views>': there is no view 'fun'; take some of fan, denoising, ghost, delay, attention, visits, curves, separated by commas",
      status: usage, try planar("demo", "--headless", "--show", "fan,fun"))
    expectRefusal(
      "--show is drawn into pictures; add --frames or --film, or leave --headless out",
      try planar("demo", "--headless", "--show", "fan"))
  }

  @Test func teleoperationWithoutADisplay() throws {
    let folder = try TestFolder()
    expectRefusal(
      "teleoperation needs a window, but there is no display; start it from a desktop session, or let the expert drive: planar record --from expert",
      try run(
        "planar", ["record", "--from", "teleop", "--output", folder.path("data")],
        hiding: ["DISPLAY", "WAYLAND_DISPLAY"]))
    #expect(!FileManager.default.fileExists(atPath: folder.path("data")))
  }

  @Test func seedsReservedForEvaluation() throws {
    let folder = try TestFolder()
    expectRefusal(
      "seed 5 lies among those reserved for evaluation and tuning; train on seeds from 1000000 on",
      try planar("record", "--seed", "5", "--output", folder.path("data")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("data")))
  }

  @Test func missingDataset() throws {
    let folder = try TestFolder()
    expectRefusal(
      "\(folder.path("data")) is no dataset: it has no readable info.json; record one first",
      try planar("train", "flow", "--data", folder.path("data"), "--output", folder.path("run")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("run")))
  }

  @Test func unknownHead() throws {
    expectRefusal(
      "there is no head 'flwo' (did you mean 'flow'?); the heads are regression, bins, fast, act, diffusion, flow, one-step",
      try planar("train", "flwo"))
  }

  @Test func nothingToResume() throws {
    let folder = try TestFolder()
    expectRefusal(
      "\(folder.path("run")) holds no training state to resume; start without --resume",
      try planar("train", "flow", "--resume", "--output", folder.path("run")))
    expectRefusal(
      "--resume needs --output, the folder of the run", try planar("train", "flow", "--resume"))
  }

  @Test(arguments: [["compare", "covariate-shift"], ["dagger"]])
  func budgetsThatAreNone(command: [String]) throws {
    expectRefusal(
      "--budgets must be whole numbers separated by commas, such as 1000,2000,4000; it is '500,many'",
      try run("planar", command + ["--budgets", "500,many"]))
    expectRefusal(
      "label budgets must be at least two ascending positive numbers, such as 1000,2000,4000; they are [2000, 1000]",
      try run("planar", command + ["--budgets", "2000,1000"]))
  }
}

@Suite struct BrokenCheckpointTests {
  @Test func trainedOnAnotherEnvironment() throws {
    expectRefusal(
      "'policy' was trained for push, not for pusht; add --environment push",
      try planar("eval", "--policy", TinyCheckpoint.shared.get().path, "--environment", "pusht"))
    expectRefusal(
      "'policy' does not fit push as it is loaded here (observation.state lacks joint0 (rad)); omit what differs from its training",
      try planar("eval", "--policy", TinyCheckpoint.shared.get().path, "--robot", "gantry"))
  }

  @Test func missing() throws {
    let folder = try TestFolder()
    for (name, hint) in [(folder.path("none"), ""), ("exprt", " (did you mean 'expert'?)")] {
      expectRefusal(
        "there is no checkpoint '\(name)'\(hint); give 'expert' or 'planner' or 'random', the name of a shipped checkpoint, or a folder that 'planar train' has made, with config.json and model.safetensors",
        try planar("eval", "--policy", name))
    }
    expectRefusal(
      "\(folder.root.path)/config.json cannot be read; a checkpoint is a folder with config.json and model.safetensors",
      try planar("eval", "--policy", folder.root.path))
  }

  @Test func configurationIsNoJSON() throws {
    let folder = try TestFolder()
    let checkpoint = try TinyCheckpoint.shared.get().copy(in: folder)
    let url = checkpoint.appendingPathComponent("config.json")
    try Data("garbage".utf8).write(to: url)
    expectRefusal(
      "\(url.path):1: is not valid JSON: 'garbage' is no value",
      try planar("eval", "--policy", checkpoint.path))
  }

  @Test func weightsAreTruncated() throws {
    let folder = try TestFolder()
    let checkpoint = try TinyCheckpoint.shared.get().copy(in: folder)
    let url = checkpoint.appendingPathComponent("model.safetensors")
    let whole = try Data(contentsOf: url)
    try whole.prefix(1_000).write(to: url)
    let header = whole.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    expectRefusal(
      "\(url.path) is truncated or no safetensors file: its header claims \(header) bytes, the file has 1000",
      try planar("eval", "--policy", checkpoint.path))
    try whole.dropLast().write(to: url)
    let run = try planar("eval", "--policy", checkpoint.path)
    #expect(run.status == 1)
    #expect(run.errors.hasPrefix("Error: \(url.path) is truncated or damaged: tensor '"))
    #expect(run.errors.hasSuffix(" bytes of data; copy or make the file again\n"))
  }

  @Test func tensorIsMissing() throws {
    let folder = try TestFolder()
    let checkpoint = try TinyCheckpoint.shared.get().copy(in: folder)
    let url = checkpoint.appendingPathComponent("model.safetensors")
    let file = try TensorFile(reading: url)
    let dropped = file.names[0]
    var rest = TensorFileWriter()
    for name in file.names.dropFirst() {
      rest.add(name, shape: try file.tensor(name).shape, values: try file.floats(name))
    }
    try rest.write(to: url)
    expectRefusal(
      "\(url.path): tensor '\(dropped)' is missing; the file and its config.json are not of one checkpoint",
      try planar("eval", "--policy", checkpoint.path))
  }
}
