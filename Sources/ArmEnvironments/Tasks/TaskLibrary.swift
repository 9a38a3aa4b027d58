// The tasks that an environment's file can name.

import PlanarCore

/// A number that a task lets one choose: `--segments 8` on the command line, `options: {segments: 8}` in a recipe.
public struct TaskOption: Hashable, Sendable {
  /// In snake case, such as `segments`.
  public var name: String
  /// One sentence for people.
  public var help: String

  /// An option by its name in snake case, with its help.
  public init(_ name: String, _ help: String) {
    self.name = name
    self.help = help
  }
}

extension EnvironmentLibrary {
  /// The options of all tasks.
  public static var taskOptions: [TaskOption] { TaskLibrary.kinds.flatMap(\.options) }
}

/// Every task by its name in `environment.yaml`.
enum TaskLibrary {
  /// A task's name, the sections that only it has, and how they are read.
  struct Kind: Sendable {
    var name: String
    /// The keys that only this task has, beside the common ones.
    var fields: [SpecificationField] = []
    /// Whether the file says how long an episode lasts; else the task does.
    var hasTimeLimit = true
    /// What the command line can choose of it.
    var options: [TaskOption] = []
    var read: @Sendable (SpecReader) throws -> any ArmTask

    /// Its environment's file.
    var section: SpecificationSection {
      SpecificationSection("environment", SpecificationSection.environment.fields + fields)
    }
  }

  /// What `task` can be, PushT among them.
  static let names = (kinds.map(\.name) + ["pusht"]).sorted()

  static let kinds = [
    Kind(name: "push") { _ in PushTask() },
    Kind(name: "arrange", fields: ArrangeTask.fields) { try ArrangeTask($0) },
    Kind(name: "reach") { _ in ReachTask() },
    Kind(name: "detour", fields: DetourTask.fields) { try DetourTask($0) },
    Kind(
      name: "trace", fields: TraceTask.fields, hasTimeLimit: false,
      options: [TaskOption("segments", "With trace: how many segments the corridor has; an episode lasts as long.")]
    ) { try TraceTask($0) },
    Kind(name: "pick-place") { _ in PickPlaceTask() },
    Kind(name: "tidy") { _ in TidyTask() },
  ]

  /// The kind that the key `task` names; a file without it is read as `push`.
  ///
  /// - Throws: `UserError` that lists the tasks there are.
  static func kind(named top: SpecReader) throws -> Kind {
    let name = top.has("task") ? try top.string("task") : "push"
    if let kind = kinds.first(where: { $0.name == name }) { return kind }
    if name == "pusht" { throw top.error(at: "task", "is 'pusht', which is loaded by its name") }
    let hint = nearestName(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
    throw top.error(at: "task", "is '\(name)', but must be one of: \(names.joined(separator: ", "))\(hint)")
  }
}
