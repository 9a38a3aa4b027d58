// Runs a built program as its user would: as a process, from the project's folder.

import Foundation

/// What a program said and how it ended.
public struct ProgramRun: Sendable {
  /// The exit status; 0 for success.
  public var status: Int32
  /// The signal that ended it, where it did not end itself.
  public var signal: Int32? = nil
  /// What it wrote to standard output.
  public var output: String
  /// What it wrote to standard error.
  public var errors: String

  /// The commands that it suggests: the indented lines that call it.
  public var suggestions: [String] {
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.dropFirst().filter { lines[$0].hasPrefix("  ") && lines[$0].contains("planar") }
      .map { lines[$0].trimmingCharacters(in: .whitespaces) }
  }
}

/// The project's folder.
public let projectFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// Runs the program `name`, which was built beside the tests, to its end.
///
/// - Parameters:
///   - folder: where it runs; the project's folder unless told otherwise.
///   - hidden: environment variables of the tests that the program does not get.
///   - variables: environment variables that the program gets besides.
/// - Throws: where it cannot be started.
public func run(
  _ name: String, _ arguments: [String] = [], in folder: URL = projectFolder, hiding hidden: Set<String> = [],
  setting variables: [String: String] = [:]
) throws -> ProgramRun {
  try run(
    Bundle.main.bundleURL.appendingPathComponent(name), arguments, in: folder, hiding: hidden, setting: variables
  ) { _ in }
}

/// Runs a program by its file, to its end.
///
/// - Throws: where it cannot be started.
public func run(
  _ program: URL, _ arguments: [String] = [], in folder: URL = projectFolder, hiding hidden: Set<String> = []
) throws -> ProgramRun {
  try run(program, arguments, in: folder, hiding: hidden) { _ in }
}

/// Runs a line as a shell does into which it is pasted, from the project's folder.
///
/// - Throws: where there is no shell.
public func runInShell(_ line: String) throws -> ProgramRun {
  try run(URL(fileURLWithPath: "/bin/sh"), ["-c", line])
}

/// Runs the program `name` and interrupts it, as Ctrl-C does, once `isDue` answers true.
///
/// - Throws: where it cannot be started.
public func run(
  _ name: String, _ arguments: [String], interruptingWhen isDue: @escaping () -> Bool
) throws -> ProgramRun {
  try run(Bundle.main.bundleURL.appendingPathComponent(name), arguments) { process in
    while process.isRunning, !Task.isCancelled, !isDue() { Thread.sleep(forTimeInterval: 0.02) }
    process.interrupt()
  }
}

/// Runs a program and sends it a signal once `isDue` answers true, unless it has ended by then.
///
/// - Throws: where it cannot be started.
public func run(
  _ program: URL, _ arguments: [String], sending signal: Int32, when isDue: @escaping () -> Bool
) throws -> ProgramRun {
  try run(program, arguments) { process in
    while process.isRunning, !Task.isCancelled, !isDue() { Thread.sleep(forTimeInterval: 0.02) }
    if process.isRunning { kill(process.processIdentifier, signal) }
  }
}

/// Runs the program `name` and sends it a signal after some seconds, unless it has ended by then.
///
/// - Throws: where it cannot be started.
public func run(
  _ name: String, _ arguments: [String], in folder: URL = projectFolder, sending signal: Int32, after seconds: Double
) throws -> ProgramRun {
  try run(Bundle.main.bundleURL.appendingPathComponent(name), arguments, in: folder) { process in
    let due = Date().addingTimeInterval(seconds)
    while process.isRunning, !Task.isCancelled, Date() < due { Thread.sleep(forTimeInterval: 0.002) }
    if process.isRunning { kill(process.processIdentifier, signal) }
  }
}

/// Runs the program `name`, and does something while it runs.
///
/// - Throws: where it cannot be started, and what is thrown meanwhile; the program is killed then.
public func run(
  _ name: String, _ arguments: [String], in folder: URL = projectFolder, hiding hidden: Set<String> = [],
  setting variables: [String: String], meanwhile act: (Process) throws -> Void
) throws -> ProgramRun {
  var failure: (any Error)?
  let end = try run(
    Bundle.main.bundleURL.appendingPathComponent(name), arguments, in: folder, hiding: hidden, setting: variables
  ) { process in
    do { try act(process) } catch {
      failure = error
      kill(process.processIdentifier, SIGKILL)
    }
  }
  if let failure { throw failure }
  return end
}

private func run(
  _ program: URL, _ arguments: [String], in folder: URL = projectFolder, hiding hidden: Set<String> = [],
  setting variables: [String: String] = [:], meanwhile: (Process) -> Void
) throws -> ProgramRun {
  let process = Process()
  process.executableURL = program
  process.arguments = arguments
  process.currentDirectoryURL = folder
  process.environment = ProcessInfo.processInfo.environment.filter { !hidden.contains($0.key) }
    .merging(variables) { $1 }
  // Files and not pipes: a full pipe nobody reads would stop the program.
  let said = try TestFolder()
  let output = said.url("output")
  let errors = said.url("errors")
  for url in [output, errors] { try Data().write(to: url) }
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = try FileHandle(forWritingTo: output)
  process.standardError = try FileHandle(forWritingTo: errors)
  try process.run()
  meanwhile(process)
  try process.waitUntilExitOrCancellation()
  return ProgramRun(
    status: process.terminationStatus,
    signal: process.terminationReason == .uncaughtSignal ? process.terminationStatus : nil,
    output: try String(contentsOf: output, encoding: .utf8),
    errors: try String(contentsOf: errors, encoding: .utf8))
}

extension Process {
  /// Waits for the end of the process. A test that is cancelled, as one is whose time is over, leaves none behind: the
  /// process is killed, with those that it has started in its group.
  fileprivate func waitUntilExitOrCancellation() throws {
    var pause = 0.001
    while isRunning {
      if Task.isCancelled {
        let group = getpgid(processIdentifier)
        kill(group == processIdentifier ? -group : processIdentifier, SIGKILL)
        break
      }
      Thread.sleep(forTimeInterval: pause)
      pause = min(2 * pause, 0.02)
    }
    waitUntilExit()
    try Task.checkCancellation()
  }
}

/// A folder that lasts as long as this object.
public final class TestFolder: Sendable {
  /// Where the folder is.
  public let root: URL

  /// Makes an empty folder.
  ///
  /// - Throws: where the disk refuses.
  public init() throws {
    root = FileManager.default.temporaryDirectory
      .appendingPathComponent("planar-" + UUID().uuidString, isDirectory: true)
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  /// A file or folder in it, which need not exist.
  public func url(_ name: String) -> URL { root.appendingPathComponent(name) }
  /// The same as a path.
  public func path(_ name: String) -> String { url(name).path }
}
