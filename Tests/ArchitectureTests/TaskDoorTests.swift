// A task is one folder: nothing outside of it knows its types or its name, but for the line that registers it.

import Foundation
import Testing

/// Where a task may be named: the registration; the replay of gym-pusht's own reference numbers, which are about that one
/// task; and experiments, each of which says where its claim shows.
private let exempt = [
  "ArmEnvironments/Tasks/TaskRegistry.swift", "Verification/Physics/PushT",
  "Verification/Physics/PhysicsVerification.swift", "Experiments/",
]

/// The name of the first task, which is also that of the environment that commands take by default.
private let standardTask = "push"

/// How a task's folder says its name.
private var taskName: Regex<(Substring, Substring)> { /TaskKind\(\s*"([\w-]+)"/ }

@Test func noTaskIsNamedOutsideOfItsFolder() throws {
  let all = try DoorNames.all(under: sources.appendingPathComponent("ArmEnvironments/Tasks"), key: taskName)
  for (folder, names) in all {
    #expect(!names.types.isEmpty && !names.keys.isEmpty, "Tasks/\(folder) registers no task")
  }
  for file in swiftFiles(under: sources) {
    let path = path(of: file)
    guard !exempt.contains(where: path.hasPrefix) else { continue }
    let text = code(of: try String(contentsOf: file, encoding: .utf8))
    // A task's file may have a key that another task is called by.
    let isTask = path.hasPrefix("ArmEnvironments/Tasks/")
    for (folder, names) in all where !path.hasPrefix("ArmEnvironments/Tasks/\(folder)/") {
      let found = names.found(in: text, keys: isTask ? [] : names.keys.subtracting([standardTask])).sorted()
      #expect(found.isEmpty, "\(path) names \(found.joined(separator: ", ")) of the task in Tasks/\(folder)")
    }
  }
}

@Test func namesBehindADoorAreFoundInCodeAlone() {
  var names = DoorNames()
  names.read(
    "public struct GateTask: ArmTask {\n  static let kind = TaskKind(\n    \"gate\") { _ in GateTask() }\n}\n",
    key: taskName)
  #expect(names.types == ["GateTask"] && names.keys == ["gate"])
  #expect(names.found(in: code(of: "let a = 1 // as GateTask and \"gate\" do")).isEmpty)
  #expect(names.found(in: "if task is GateTask {}") == ["GateTask"])
  #expect(names.found(in: "if name == \"gate\" {}") == ["gate"])
  #expect(names.found(in: "let GateTasks = \"gates\"").isEmpty)
}
