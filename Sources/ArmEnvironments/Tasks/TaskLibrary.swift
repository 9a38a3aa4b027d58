// The tasks that an environment's file can name.

import PlanarCore

/// Every task by its name in `environment.yaml`.
enum TaskLibrary {
  /// A task's name, the sections that only it has, and how they are read.
  struct Kind: Sendable {
    var name: String
    var keys: [String] = []
    var read: @Sendable (SpecReader) throws -> any ArmTask
  }

  static let kinds = [
    Kind(name: "push") { _ in PushTask() },
    Kind(name: "arrange", keys: ["arrange"]) { try ArrangeTask($0) },
    Kind(name: "reach") { _ in ReachTask() },
    Kind(name: "detour", keys: ["detour"]) { try DetourTask($0) },
    Kind(name: "trace", keys: ["corridor"]) { try TraceTask($0) },
    Kind(name: "pick-place") { _ in PickPlaceTask() },
    Kind(name: "tidy") { _ in TidyTask() },
  ]

  /// The kind that the key `task` names; a file without it is read as `push`.
  ///
  /// - Throws: `UserError` that lists the tasks there are.
  static func kind(named top: SpecReader) throws -> Kind {
    let name = top.has("task") ? try top.string("task") : "push"
    if let kind = kinds.first(where: { $0.name == name }) { return kind }
    let all = kinds.map(\.name) + ["pusht"]
    let hint = nearestName(to: name, among: all).map { "; did you mean '\($0)'?" } ?? ""
    throw top.error(at: "task", "is '\(name)', but must be one of: \(all.sorted().joined(separator: ", "))\(hint)")
  }
}
