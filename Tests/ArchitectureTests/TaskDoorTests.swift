// A task is one folder: nothing outside of it knows its types or its name, but for the line that registers it.

import Foundation
import Testing

private let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
private let tasks = sources.appendingPathComponent("ArmEnvironments/Tasks")

/// Where a task may be named: the registration; and the replay and the benchmarks of gym-pusht's own reference numbers,
/// which are about that one task.
private let exempt = ["ArmEnvironments/Tasks/TaskRegistry.swift", "Verification/"]

/// The name of the first task, which is also that of the environment that commands take by default.
private let standardTask = "push"

private func swiftFiles(under folder: URL) -> [URL] {
  let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
  return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
}

/// A source without its comments.
private func code(of text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
    line.range(of: "//").map { String(line[..<$0.lowerBound]) } ?? String(line)
  }.joined(separator: "\n")
}

/// What belongs to one task: the types that its folder declares for others, and the names it is registered by.
private struct TaskNames {
  var types: Set<String> = []
  var keys: Set<String> = []

  mutating func read(_ code: String) {
    let declaration = /^(?:public |final |indirect )*(?:struct|enum|class|protocol|actor) (\w+)/
      .anchorsMatchLineEndings()
    types.formUnion(code.matches(of: declaration).map { String($0.output.1) })
    keys.formUnion(code.matches(of: /TaskKind\(\s*"([\w-]+)"/).map { String($0.output.1) })
  }

  /// Which of them a source names.
  ///
  /// - Parameter isTask: it is a task's, whose file may have a key that another task is called by.
  func found(in code: String, isTask: Bool = false) -> Set<String> {
    let words = Set(code.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
    return types.intersection(words).union(keys.filter { !isTask && $0 != standardTask && code.contains("\"\($0)\"") })
  }
}

/// The names of every task, by its folder.
private func taskNames() throws -> [String: TaskNames] {
  var all: [String: TaskNames] = [:]
  for folder in try FileManager.default.contentsOfDirectory(atPath: tasks.path) where !folder.hasSuffix(".swift") {
    for file in swiftFiles(under: tasks.appendingPathComponent(folder)) {
      all[folder, default: TaskNames()].read(code(of: try String(contentsOf: file, encoding: .utf8)))
    }
  }
  return all
}

@Test func noTaskIsNamedOutsideOfItsFolder() throws {
  let all = try taskNames()
  for (folder, names) in all {
    #expect(!names.types.isEmpty && !names.keys.isEmpty, "Tasks/\(folder) registers no task")
  }
  for file in swiftFiles(under: sources) {
    let path = String(file.path.dropFirst(sources.path.count + 1))
    guard !exempt.contains(where: path.hasPrefix) else { continue }
    let text = code(of: try String(contentsOf: file, encoding: .utf8))
    for (folder, names) in all where !path.hasPrefix("ArmEnvironments/Tasks/\(folder)/") {
      let found = names.found(in: text, isTask: path.hasPrefix("ArmEnvironments/Tasks/")).sorted()
      #expect(found.isEmpty, "\(path) names \(found.joined(separator: ", ")) of the task in Tasks/\(folder)")
    }
  }
}

@Test func namesOfTasksAreFoundInCodeAlone() {
  var names = TaskNames()
  names.read("public struct GateTask: ArmTask {\n  static let kind = TaskKind(\n    \"gate\") { _ in GateTask() }\n}\n")
  #expect(names.types == ["GateTask"] && names.keys == ["gate"])
  #expect(names.found(in: code(of: "let a = 1 // as GateTask and \"gate\" do")).isEmpty)
  #expect(names.found(in: "if task is GateTask {}") == ["GateTask"])
  #expect(names.found(in: "if name == \"gate\" {}") == ["gate"])
  #expect(names.found(in: "let GateTasks = \"gates\"").isEmpty)
}
