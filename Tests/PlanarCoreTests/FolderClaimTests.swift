// Who may write into a folder, and what a stop leaves of a file.

import Foundation
import PlanarCore
import Testing

/// A folder that goes with the test.
private final class Place {
  let root = FileManager.default.temporaryDirectory.appendingPathComponent("planar-claims-\(UUID().uuidString)")
  init() { try? FileManager.default.createDirectory(at: root, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: root) }
  func url(_ name: String) -> URL { root.appendingPathComponent(name, isDirectory: name.hasSuffix("/")) }
  func write(_ name: String, _ text: String = "") throws {
    try FileManager.default.createDirectory(
      at: url(name).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url(name))
  }
  func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: url(folder).path)) ?? []).sorted()
  }
}

private func refusal(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "accepted"
  } catch { return (error as? UserError)?.message ?? "not a UserError: \(error)" }
}

@Suite struct FolderClaimTests {
  private let place = Place()

  private func claim(
    _ name: String, _ kind: FolderKind, _ intent: FolderClaim.Intent = .begin
  ) throws -> FolderClaim { try FolderClaim(of: place.url(name + "/"), as: kind, to: intent) }

  @Test func oneFolderHasOneWriter() throws {
    let first = try claim("run", .evaluation)
    let path = place.url("run").path
    #expect(
      refusal { _ = try claim("run", .evaluation) }
        == "\(path) is being written by another process; wait for that one to end, or give another --output")
    #expect(refusal { _ = try claim("run", .dataset, .overwrite) }.contains("another process"))
    try place.write("run/evaluation.json")
    first.release()
    #expect(
      refusal { _ = try claim("run", .evaluation) }
        == "\(path) already holds an unfinished evaluation; go on with it by --resume, replace it by --overwrite, or give another --output"
    )
    #expect(refusal { try claim("run", .evaluation, .goOn).release() } == "accepted")
  }

  @Test func newFoldersAreNeverShared() throws {
    let base = place.url("runs/20260101-000000-eval/")
    let claims = try (0..<6).map { _ in try FolderClaim(newFolder: base, as: .evaluation) }
    #expect(
      claims.map(\.folder.lastPathComponent)
        == ["20260101-000000-eval"] + (2...6).map { "20260101-000000-eval-\($0)" })
    claims.forEach { $0.release() }
    // Nothing was written: nothing is left.
    #expect(place.names("runs").isEmpty)
  }

  @Test func whatAFailureLeavesEmptyGoesAgain() throws {
    try claim("a/b/c", .training).release()
    #expect(place.names("").isEmpty)
    let kept = try claim("a/b/c", .training)
    try place.write("a/b/c/recipe.json")
    kept.release()
    #expect(place.names("a/b/c") == ["recipe.json"])
  }

  @Test func whatIsThereIsNamed() throws {
    try place.write("file", "text")
    #expect(
      refusal { _ = try claim("file", .dataset) }.hasSuffix(
        "is a file, and a folder is needed there; give another --output"))
    #expect(refusal { _ = try claim("file/below", .dataset) }.contains("cannot make the folder"))
    try place.write("data/info.json")
    try place.write("data/episodes-00000.safetensors")
    try place.write("policy/config.json")
    try place.write("policy/MODEL-CARD.md")
    try place.write("letters/dear-anna.txt")
    #expect(
      refusal { _ = try claim("data", .training) }
        == "\(place.url("data").path) holds a dataset; give the checkpoint a folder of its own with --output")
    #expect(refusal { _ = try claim("data", .training, .overwrite) }.contains("holds a dataset"))
    #expect(
      refusal { _ = try claim("policy", .dataset) }.contains("holds a checkpoint; give the dataset a folder of its own")
    )
    #expect(
      refusal { _ = try claim("data", .dataset) }.contains(
        "already holds a dataset; go on with it by --append, replace"))
    #expect(
      refusal { _ = try claim("policy", .training) }.contains(
        "already holds a checkpoint; replace it by --overwrite, or"))
    #expect(refusal { _ = try claim("letters", .evaluation) }.contains("is not empty: it holds dear-anna.txt"))
    for kind in FolderKind.allCases where kind != .dataset {
      #expect(refusal { _ = try claim("nowhere", kind, .goOn) }.contains(" to resume; start without --resume"))
      #expect(refusal { _ = try claim("letters", kind, .goOn) }.contains(" to resume; start without --resume"))
    }
    #expect(place.names("") == ["data", "file", "letters", "policy"])
  }

  @Test func overwritingLeavesOtherFilesAlone() throws {
    for name in ["config.json", "model.safetensors", "MODEL-CARD.md", "events.out.tfevents.1.planar", "notes.txt"] {
      try place.write("policy/\(name)")
    }
    try claim("policy", .training, .overwrite).release()
    #expect(place.names("policy") == ["notes.txt"])
  }

  /// Experiments and comparisons both write a report, which tells neither.
  @Test func aReportTellsNoKind() throws {
    for name in ["comparison-plan.json", "compared-policies", "report.html"] { try place.write("pair/\(name)") }
    #expect(refusal { _ = try claim("pair", .comparison) }.contains("already holds an unfinished comparison; go on"))
    #expect(refusal { _ = try claim("pair", .experiment, .overwrite) }.contains("holds an unfinished comparison; give"))
    try place.write("page/report.html")
    #expect(refusal { _ = try claim("page", .experiment) }.contains("is not empty: it holds report.html"))
    try claim("pair", .comparison, .overwrite).release()
    #expect(place.names("pair") == [])
  }

  /// A file of that name that is no note is somebody's own.
  @Test func anotherFileOfTheNotesNameStays() throws {
    try place.write("mine/command.json", #"{"shell": "zsh"}"#)
    #expect(refusal { _ = try claim("mine", .evaluation) }.contains("is not empty: it holds command.json"))
  }

  /// How a run was begun is noted beside its results, and is no result by itself.
  @Test func aNoteAloneIsNoRun() throws {
    let beginning = RunBeginning(arguments: ["eval", "--policy", "it's mine"])
    let first = try claim("run", .evaluation)
    try first.note(beginning)
    #expect(FolderClaim.isHeld(place.url("run")) && place.names("run") == ["command.json"])
    first.release()
    #expect(place.names("") == [], "nothing was written besides: nothing is left")
    // A process that was killed leaves the note.
    try place.write("run/command.json", #"{"arguments": ["eval"], "version": "0.9.0"}"#)
    let second = try claim("run", .training)
    try second.note(beginning)
    try place.write("run/recipe.json")
    second.release()
    #expect(!FolderClaim.isHeld(place.url("run")) && place.names("run") == ["command.json", "recipe.json"])
    #expect(try RunBeginning(reading: place.url("run/")) == beginning)
    try claim("run", .training, .overwrite).release()
    #expect(place.names("run") == [])
    #expect(try RunBeginning(reading: place.url("run/")) == nil)
    try place.write("run/command.json", "{}")
    #expect(refusal { _ = try RunBeginning(reading: place.url("run/")) }.contains("must hold the words of a command"))
  }

  /// Only files that the kind would write: somebody's own `letter.partial` stays.
  @Test func leftoversOfAKilledWriterGo() throws {
    for name in ["info.json", "info.json.partial", "episodes-00003.safetensors.partial", "letter.partial"] {
      try place.write("data/\(name)")
    }
    try claim("data", .dataset, .goOn).release()
    #expect(place.names("data") == ["info.json", "letter.partial"])
    // A folder in which nothing but the beginning of a file was written is as good as empty.
    try place.write("new/info.json.partial")
    try claim("new", .dataset).release()
  }
}

@Suite struct PartialFileTests {
  private let place = Place()

  @Test func aFileIsThereWholeOrNotAtAll() throws {
    let url = place.url("page.md")
    try PartialFile.write(Data("old".utf8), to: url)
    do {
      var file = try PartialFile(replacing: url)
      try file.write(Data("ne".utf8))
      #expect(try String(contentsOf: url, encoding: .utf8) == "old")
      #expect(refusal { try PartialFile.write(Data(), to: url) }.contains("another process is writing it"))
    }
    #expect(place.names("") == ["page.md"])
    try place.write("page.md.partial", "left by a killed process, and longer than what follows")
    try PartialFile.write(Data("new".utf8), to: url)
    #expect(try String(contentsOf: url, encoding: .utf8) == "new")
    #expect(place.names("") == ["page.md"])
  }

  @Test func whatCannotBeWrittenIsSaid() throws {
    #expect(
      refusal { try PartialFile.write(Data(), to: place.url("no/page.md")) }
        == "cannot write \(place.url("no/page.md").path): No such file or directory")
    #expect(refusal { try PartialFile.write(Data(), to: place.root) }.contains("it is a folder"))
    let full = URL(fileURLWithPath: "/dev/full")
    #expect(
      refusal { try PartialFile.write(Data("text".utf8), to: full) }
        == "cannot write /dev/full: No space left on device")
    #expect(refusal { try PartialFile.write(Data("text".utf8), to: URL(fileURLWithPath: "/dev/null")) } == "accepted")
  }

  @Test func linksAreFollowed() throws {
    try place.write("real.md", "old")
    try FileManager.default.createSymbolicLink(at: place.url("link.md"), withDestinationURL: place.url("real.md"))
    try PartialFile.write(Data("new".utf8), to: place.url("link.md"))
    #expect(try String(contentsOf: place.url("real.md"), encoding: .utf8) == "new")
  }
}

@Suite struct LineLogTests {
  private let place = Place()

  @Test func halfALineIsCutOff() throws {
    try place.write("log.jsonl", "one\ntwo\nthr")
    var lines: [String] = []
    var end = 0
    try forEachLine(of: place.url("log.jsonl")) { line, byte in
      lines.append(String(decoding: line, as: UTF8.self))
      end = byte
      return true
    }
    #expect(lines == ["one", "two"] && end == 8)
    try LineLog(place.url("log.jsonl"), keepingBytes: end).append(Data("three\n".utf8))
    #expect(try String(contentsOf: place.url("log.jsonl"), encoding: .utf8) == "one\ntwo\nthree\n")
  }

  @Test func longFilesAreReadInPieces() throws {
    let text = (0..<40_000).map { "line \($0) " + String(repeating: "x", count: $0 % 97) + "\n" }.joined()
    try place.write("long", text)
    var count = 0
    try forEachLine(of: place.url("long")) { line, _ in
      if !line.starts(with: Data("line \(count) ".utf8)) { return false }
      count += 1
      return true
    }
    #expect(count == 40_000)
  }

  @Test func aFullDiskIsRemembered() throws {
    let log = try LineLog(URL(fileURLWithPath: "/dev/full"))
    for _ in 0..<2 { #expect(refusal { try log.append(Data("line\n".utf8)) }.contains("No space left on device")) }
    #expect(refusal { try log.sync() }.contains("No space left on device"))
  }
}
