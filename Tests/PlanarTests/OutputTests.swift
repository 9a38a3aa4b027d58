// Where commands write: a folder of their own, claimed before the work, and nothing replaced unasked.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct OutputTests {
  private let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private func eval(_ arguments: String...) throws -> ProgramRun {
    try run("planar", ["eval", "--policy", "expert", "--environment", "reach", "--episodes", "3"] + arguments)
  }

  private func refused(
    _ run: ProgramRun, _ part: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(run.status == 1 && run.output.isEmpty, "\(run)", sourceLocation: sourceLocation)
    #expect(
      run.errors.hasPrefix("Error: ") && run.errors.contains(part), "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)", sourceLocation: sourceLocation)
  }

  /// Six evaluations in one second.
  @Test func runsWithoutAnOutputGetFoldersOfTheirOwn() throws {
    let program = Bundle.main.bundleURL.appendingPathComponent("planar")
    let environments = projectFolder.appendingPathComponent("Environments").path
    try FileManager.default.createSymbolicLink(atPath: folder.path("Environments"), withDestinationPath: environments)
    let processes = try (0..<6).map { _ in
      let process = Process()
      process.executableURL = program
      process.arguments = ["eval", "--policy", "expert", "--environment", "reach", "--episodes", "3"]
      process.currentDirectoryURL = folder.root
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      return process
    }
    for process in processes {
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    let runs = try FileManager.default.contentsOfDirectory(atPath: folder.path("runs"))
    #expect(runs.count == 6)
    for name in runs {
      #expect(FileManager.default.fileExists(atPath: folder.path("runs/\(name)/summary.json")), "\(name)")
    }
  }

  @Test func nothingIsReplacedUnasked() throws {
    let output = folder.path("eval")
    #expect(try eval("--output", output).status == 0)
    let before = try Data(contentsOf: folder.url("eval/summary.json"))
    refused(
      try eval("--seed", "5", "--output", output),
      "\(output) already holds an evaluation; replace it by --overwrite, or give another --output")
    #expect(try Data(contentsOf: folder.url("eval/summary.json")) == before)
    #expect(try eval("--seed", "5", "--overwrite", "--output", output).status == 0)
    #expect(try Data(contentsOf: folder.url("eval/summary.json")) != before)
    #expect(try eval("--overwrite", "--resume", "--output", output).status == 64)
    refused(try eval("--resume"), "--resume needs --output, the folder of the run")
    refused(
      try eval("--resume", "--output", folder.path("none")), "holds no evaluation to resume; start without --resume")
    #expect(!FileManager.default.fileExists(atPath: folder.path("none")))
  }

  /// A file in the place of the folder is found before a single episode is driven.
  @Test func theFolderIsTriedBeforeTheWork() throws {
    try Data().write(to: folder.url("file"))
    let began = Date()
    refused(
      try run(
        "planar", ["eval", "--policy", "expert", "--episodes", "100000", "--output", folder.path("file")]),
      "file is a file, and a folder is needed there")
    refused(
      try run(
        "planar", ["environment", "render", "reach", "--count", "400", "--size", "1024", "--output", folder.root.path]),
      "it is a folder; give the name of a file")
    refused(try planar("record", "--episodes", "100000", "--output", folder.path("file")), "is a file")
    refused(try planar("train", "flow", "--output", folder.path("file")), "is a file")
    refused(try planar("dagger", "--output", folder.path("file")), "is a file")
    refused(try planar("compare", "covariate-shift", "--output", folder.path("file")), "is a file")
    #expect(Date().timeIntervalSince(began) < 60, "nothing was worked on")
  }

  @Test func aFolderOfAnotherKindIsRefused() throws {
    let tiny = try TinyCheckpoint.shared.get()
    refused(
      try planar("record", "--episodes", "3", "--output", tiny.path), "holds a checkpoint; give the dataset a folder")
    refused(try eval("--output", tiny.path, "--overwrite"), "holds a checkpoint; give the evaluation a folder")
    refused(try eval("--output", tiny.data), "holds a dataset; give the evaluation a folder of its own with --output")
    refused(
      try planar("compare", "covariate-shift", "--quick", "--output", tiny.data), "holds a dataset; give the experiment"
    )
    try Data("x".utf8).write(to: folder.url("letter.txt"))
    refused(try eval("--output", folder.root.path), "is not empty: it holds letter.txt")
  }

  @Test func twoRecordersDoNotShareAFolder() throws {
    let data = folder.path("data")
    #expect(try planar("record", "--environment", "reach", "--episodes", "5", "--output", data).status == 0)
    func begin() throws -> Process {
      let process = Process()
      process.executableURL = Bundle.main.bundleURL.appendingPathComponent("planar")
      process.arguments = ["record", "--environment", "reach", "--append", "--episodes", "100000", "--output", data]
      process.currentDirectoryURL = projectFolder
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      return process
    }
    var first = try begin()
    var run: ProgramRun
    var attempt = 0
    // The first holds the folder as soon as it is ready; where the second was quicker, both begin again.
    repeat {
      attempt += 1
      Thread.sleep(forTimeInterval: 0.3 * Double(attempt))
      run = try planar(
        "record", "--environment", "reach", "--append", "--episodes", "1", "--seed", "\(9_000_000 + attempt)",
        "--output",
        data)
      if !first.isRunning { first = try begin() }
    } while run.status == 0 && attempt < 12
    refused(run, "\(data) is being written by another process; wait for that one to end, or give another --output")
    first.terminate()
    first.waitUntilExit()
    #expect(first.terminationStatus == 128 + SIGTERM)
    #expect(try planar("dataset", "check", data).status == 0)
  }

  @Test func appendedSeedsAreNew() throws {
    let data = folder.path("data")
    #expect(try planar("record", "--environment", "reach", "--episodes", "5", "--output", data).status == 0)
    refused(
      try planar(
        "record", "--environment", "reach", "--append", "--episodes", "5", "--seed", "1000003", "--output", data),
      "\(data) has 2 of these episodes already, such as that of seed 1000003; give a --seed above 1000004")
    #expect(
      try planar(
        "record", "--environment", "reach", "--append", "--episodes", "2", "--seed", "1000005", "--output", data
      )
      .status == 0)
    #expect(try planar("dataset", "check", data).status == 0)
  }

  /// A device takes what is written to it, and stays one.
  @Test func pagesGoToDevicesToo() throws {
    #expect(try eval("--output", folder.path("eval")).status == 0)
    #expect(try planar("table", folder.path("eval"), "--output", "/dev/null").status == 0)
    refused(
      try planar("table", folder.path("eval"), "--output", "/dev/full"),
      "cannot write /dev/full: No space left on device")
    refused(try planar("table", folder.path("none"), "--output", folder.path("page.md")), "there is no evaluation in")
    #expect(!FileManager.default.fileExists(atPath: folder.path("page.md.partial")))
  }
}
