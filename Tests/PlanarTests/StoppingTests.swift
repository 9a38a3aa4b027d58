// One way to stop, whatever signal asks for it, and streams that nobody reads.

import Foundation
import PlanarProgramTesting
import Testing

/// As many episodes, and gradient steps, as take a second or more.
#if DEBUG
  private let manyEpisodes = 96
  private let manySteps = 100
#else
  private let manyEpisodes = 1_500
  private let manySteps = 3_000
#endif

@Suite struct StoppingTests {
  private let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private func object(_ path: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [String: Any])
  }

  private var program: URL { Bundle.main.bundleURL.appendingPathComponent("planar") }

  /// Sends a signal once a file is there.
  private func run(_ arguments: [String], sending signal: Int32, once path: String) throws -> ProgramRun {
    try PlanarProgramTesting.run(program, arguments, sending: signal) { FileManager.default.fileExists(atPath: path) }
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
  func aTrainingIsGoneOnWithAfterAnySignal(signal: Int32) throws {
    let arguments = [
      "train", "regression", "--environment", "reach", "--episodes", "8", "--batch-size", "8", "--no-evaluation",
      "--steps", "\(manySteps)",
    ]
    let parts = folder.path("parts")
    let stopped = try run(arguments + ["--output", parts], sending: signal, once: parts + "/log.jsonl")
    #expect(stopped.status == 128 + signal, "\(stopped.errors)")
    #expect(stopped.output.contains("Stopped; go on with:"))
    #expect(FileManager.default.fileExists(atPath: parts + "/training_state.safetensors"))
    let refused = try PlanarProgramTesting.run("planar", arguments + ["--output", parts])
    #expect(
      refused.errors
        == "Error: \(parts) already holds an unfinished training run; go on with it by --resume, replace it by --overwrite, or give another --output\n"
    )
    let resumed = try PlanarProgramTesting.run("planar", arguments + ["--output", parts, "--resume"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(!FileManager.default.fileExists(atPath: parts + "/training_state.safetensors"))
    let again = try PlanarProgramTesting.run("planar", arguments + ["--output", parts])
    #expect(again.status == 1 && again.errors.contains("already holds a checkpoint; replace it by --overwrite"))
  }

  @Test(arguments: [SIGTERM, SIGHUP])
  func anEvaluationKeepsItsEpisodes(signal: Int32) throws {
    let arguments = [
      "eval", "--policy", "expert", "--environment", "push", "--episodes", "\(manyEpisodes)", "--threads", "1",
    ]
    let parts = folder.path("parts")
    let stopped = try run(arguments + ["--output", parts], sending: signal, once: parts + "/episodes.jsonl")
    #expect(stopped.status == 128 + signal, "\(stopped.errors)")
    #expect(stopped.output.contains(" of \(manyEpisodes) episodes are in ") && stopped.output.contains(" --resume"))
    #expect(!FileManager.default.fileExists(atPath: parts + "/summary.json"))
    let refused = try PlanarProgramTesting.run("planar", arguments + ["--output", parts])
    #expect(refused.status == 1 && refused.errors.contains("already holds an unfinished evaluation"))
    let other = try PlanarProgramTesting.run("planar", arguments + ["--seed", "7", "--output", parts, "--resume"])
    #expect(other.status == 1 && other.errors.contains("other settings (evaluation.json)"))
    let resumed = try PlanarProgramTesting.run("planar", arguments + ["--output", parts, "--resume"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try object(parts + "/summary.json")["episodes"] as? Int == manyEpisodes)
  }

  /// Under nohup a lost terminal is no reason to stop.
  @Test func aHangUpThatIsIgnoredStaysIgnored() throws {
    let output = folder.path("eval")
    let arguments = [
      "eval", "--policy", "expert", "--environment", "push", "--episodes", "\(manyEpisodes)", "--threads", "1",
      "--output", output,
    ]
    let run = try PlanarProgramTesting.run(
      URL(fileURLWithPath: "/bin/sh"), ["-c", "trap '' HUP; exec \"$0\" \"$@\"", program.path] + arguments,
      sending: SIGHUP
    ) { FileManager.default.fileExists(atPath: output + "/episodes.jsonl") }
    #expect(run.status == 0, "\(run.errors)")
    #expect(try object(output + "/summary.json")["episodes"] as? Int == manyEpisodes)
  }
}

@Suite struct StreamTests {
  private let folder: TestFolder
  private var program: String { Bundle.main.bundleURL.appendingPathComponent("planar").path }
  init() throws { folder = try TestFolder() }

  /// A command in a shell, with its streams sent elsewhere.
  private func shell(_ arguments: String, _ streams: String) throws -> ProgramRun {
    try runInShell("'\(program)' \(arguments) \(streams)")
  }

  private var eval: String { "eval --policy expert --environment reach --episodes 3 --output '\(folder.path("eval"))'" }

  @Test(arguments: ["environment list --json", "--help", "eval --help", "experiment list", "--version"])
  func resultsThatCannotBeWrittenAreAnError(command: String) throws {
    let full = try shell(command, "> /dev/full")
    #expect(full.status == 1)
    #expect(
      full.errors
        == "Error: cannot write the results to standard output: No space left on device; send them where there is room\n"
    )
    let closed = try shell(command, ">&-")
    #expect(closed.status == 1 && closed.errors.contains("cannot write the results to standard output"))
  }

  @Test func whatWasMeasuredIsKeptAllTheSame() throws {
    let run = try shell(eval + " --json", "> /dev/full")
    #expect(run.status == 1 && run.errors.contains("cannot write the results to standard output"))
    #expect(FileManager.default.fileExists(atPath: folder.path("eval/summary.json")))
  }

  @Test(arguments: ["2> /dev/full", "2>&-"])
  func progressThatCannotBeWrittenIsDropped(streams: String) throws {
    let run = try shell(eval, streams)
    #expect(run.status == 0, "\(run.output)")
    #expect(FileManager.default.fileExists(atPath: folder.path("eval/summary.json")))
    let train = try shell(
      "train regression --environment reach --episodes 8 --steps 3 --batch-size 8 --no-evaluation --output '\(folder.path("policy"))'",
      "2> /dev/full")
    #expect(train.status == 0)
  }

  /// What is only to be read ends with its reader, as shells expect, and says nothing.
  @Test(arguments: ["environment list", "environment list --json", "--help"])
  func aReaderThatHasEnoughEndsTheCommandQuietly(command: String) throws {
    let run = try runInShell(
      "{ sleep 0.3; '\(program)' \(command); echo $? > '\(folder.path("status"))'; } | true")
    #expect(run.errors.isEmpty)
    #expect(try String(contentsOf: folder.url("status"), encoding: .utf8) == "141\n")
  }

  /// `head` goes away after its first line.
  @Test func aReaderThatGoesAwayEndsNoWork() throws {
    let run = try runInShell(
      "{ '\(program)' train regression --environment reach --episodes 8 --steps 30 --batch-size 8 --no-evaluation --output '\(folder.path("policy"))'; echo $? > '\(folder.path("status"))'; } | true"
    )
    #expect(run.status == 0)
    #expect(FileManager.default.fileExists(atPath: folder.path("policy/MODEL-CARD.md")))
    #expect(try String(contentsOf: folder.url("status"), encoding: .utf8) == "141\n")
  }
}

/// The tests' own processes.
@Suite struct ProgramTests {
  @Test func aCancelledTestLeavesNoProcess() async throws {
    let folder = try TestFolder()
    let file = folder.path("process")
    let test = Task.detached { try runInShell("echo $$ > '\(file)'; sleep 600; true") }
    while ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").isEmpty {
      try await Task.sleep(for: .milliseconds(5))
    }
    let process = try #require(
      Int32(try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(kill(process, 0) == 0)
    test.cancel()
    await #expect(throws: CancellationError.self) { try await test.value }
    #expect(kill(process, 0) == -1)
  }
}
