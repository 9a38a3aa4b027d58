// The tasks that an environment's file can name: a line each.

import PlanarCore

/// Every task by its name in `environment.yaml`. A file without the key `task` is one of the first.
public let taskRegistry = Registry<TaskKind>(
  of: "task",
  [
    PushTask.kind,
    ArrangeTask.kind,
    ReachTask.kind,
    DetourTask.kind,
    TraceTask.kind,
    BeltTask.kind,
    SlotTask.kind,
    PickPlaceTask.kind,
    TidyTask.kind,
    WordsTask.kind,
    RecallTask.kind,
    SlideTask.kind,
    PushTEnvironment.kind,
  ])

extension Registry<TaskKind> {
  /// The name of the task of a file that names none.
  var standard: String { entries[0].name }

  /// The kind that the key `task` of a file names.
  ///
  /// - Throws: `UserError` that lists the tasks there are.
  func kind(of top: SpecReader) throws -> TaskKind {
    let name = top.has("task") ? try top.string("task") : standard
    if let kind = self[name] { return kind }
    let names = names.sorted()
    let hint = nearestName(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
    throw top.error(at: "task", "is '\(name)', but must be one of: \(names.joined(separator: ", "))\(hint)")
  }
}
