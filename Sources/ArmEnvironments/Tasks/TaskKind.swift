// The door of a task: its name in files, what its file may say, its options, and how it is loaded.

import Foundation
import PlanarCore

/// What `task` in an environment's file can name.
///
/// ```swift
/// taskRegistry.register(TaskKind("gate", fields: GateTask.fields) { try GateTask($0) })
/// ```
public struct TaskKind: Registrable {
  /// The files of one environment.
  public struct Files: Sendable {
    /// The environment's folder.
    public var folder: URL
    /// The name of the environment's file in the folder.
    public var name: String

    /// The files of a folder.
    ///
    /// - Parameter name: of the environment's file; the commands stand in `commands.yaml`.
    public init(folder: URL, name: String = "environment.yaml") {
      self.folder = folder
      self.name = name
    }

    /// The environment's file.
    public var environment: URL { folder.appendingPathComponent(name) }
    /// The file of its commands.
    public var commands: URL { folder.appendingPathComponent("commands.yaml") }
  }

  /// What a file of a task with a world of its own may say, by the value of a key where there are several forms.
  public struct Form: Sendable {
    /// For the schema, such as `pusht-arm`.
    public var name: String
    /// The key and the value that choose the form; nil for the form of all other files.
    public var choice: (key: String, value: String)?
    /// The keys that its file may have.
    public var section: SpecificationSection

    /// A form of a task's file, and the key and value by which it is known; without, it is what is left.
    public init(_ name: String, when choice: (key: String, value: String)? = nil, _ section: SpecificationSection) {
      (self.name, self.choice, self.section) = (name, choice, section)
    }
  }

  /// What a task on the table adds to the common file.
  struct Table: Sendable {
    /// The keys that only this task has, beside the common ones.
    var fields: [SpecificationField]
    /// Whether the file says how long an episode lasts; else the task does.
    var hasTimeLimit: Bool
    var read: @Sendable (SpecReader) throws -> any ArmTask
  }

  enum World: Sendable {
    case table(Table)
    case own([Form], load: @Sendable (Files, EnvironmentSettings) throws -> any LibraryEnvironment)
  }

  /// Its name in files, commands and reports.
  public let name: String
  /// What can be set besides, by name, on the command line and in recipes.
  public let options: [TaskOption]
  /// The slots and relations that the commands of its environments may have.
  public let vocabulary: CommandVocabulary
  let world: World

  /// A task on the table with things and a robot: an `ArmEnvironment`.
  ///
  /// - Parameters:
  ///   - name: the value of `task`.
  ///   - fields: the keys that only this task has, beside the common ones.
  ///   - hasTimeLimit: whether the file says how long an episode lasts; else the task's `duration` does.
  ///   - vocabulary: the slots and relations of its commands, where it needs some of its own.
  ///   - read: reads them from the top of the file.
  public init(
    _ name: String, fields: [SpecificationField] = [], options: [TaskOption] = [], hasTimeLimit: Bool = true,
    vocabulary: CommandVocabulary = .standard,
    read: @escaping @Sendable (SpecReader) throws -> any ArmTask
  ) {
    self.name = name
    self.options = options
    self.vocabulary = vocabulary
    world = .table(Table(fields: fields, hasTimeLimit: hasTimeLimit, read: read))
  }

  /// A task with a world of its own.
  ///
  /// - Parameters:
  ///   - forms: what its file may say; the last one has no choice.
  ///   - load: builds the environment, checks the file, and refuses settings that it does not know.
  public init(
    _ name: String, forms: [Form],
    load: @escaping @Sendable (Files, EnvironmentSettings) throws -> any LibraryEnvironment
  ) {
    self.name = name
    options = []
    vocabulary = .standard
    world = .own(forms, load: load)
  }

  /// Whether its environments are `ArmEnvironment`s.
  public var isOnTable: Bool {
    if case .table = world { true } else { false }
  }

  var table: Table? {
    if case .table(let table) = world { table } else { nil }
  }

  /// The keys of a file.
  ///
  /// - Throws: `UserError` where the key that chooses the form is no text.
  func section(of top: SpecReader) throws -> SpecificationSection {
    switch world {
    case .table(let table):
      return SpecificationSection("environment", SpecificationSection.environment.fields + table.fields)
    case .own(let forms, _):
      let form = try forms.first { form in
        guard let choice = form.choice else { return true }
        return try top.has(choice.key) && top.string(choice.key) == choice.value
      }
      return (form ?? forms[forms.count - 1]).section
    }
  }

  /// Sets options of a task.
  ///
  /// - Throws: `UserError` where it has no such option, or a value is outside of the option's limits.
  func set(_ options: [String: Double], of task: inout any ArmTask, in environment: String) throws {
    for (option, value) in options.sorted(by: { $0.key < $1.key }) {
      guard let known = self.options.first(where: { $0.name == option }) else {
        let own = self.options.map(\.name)
        let others = taskRegistry.entries.filter { $0.options.contains { $0.name == option } }.map(\.name)
        let hint =
          nearestName(to: option, among: own).map { "; did you mean '\($0)'?" }
          ?? (others.isEmpty ? "" : "; that is an option of \(others.joined(separator: ", "))")
        throw UserError(
          "environment '\(environment)' has no option '\(option)': its task '\(name)' has \(own.isEmpty ? "none" : own.joined(separator: ", "))\(hint)"
        )
      }
      try known.check(value)
      task.set(option: option, to: value)
    }
  }

  /// Loads an environment of this task.
  ///
  /// - Throws: `UserError` where a file, the level or a setting is wrong.
  public func load(_ files: Files, settings: EnvironmentSettings) throws -> any LibraryEnvironment {
    switch world {
    case .table: return try ArmEnvironment(files, of: self, settings: settings)
    case .own(_, let load):
      guard settings.rung == 1 else {
        throw UserError("environments of the task '\(name)' have one rung; leave out the rung \(settings.rung)")
      }
      return try load(files, settings)
    }
  }
}

/// Something of a task that is set from outside of its file, such as how long a corridor is.
public struct TaskOption: Hashable, Sendable {
  /// As in `EnvironmentSettings.options`.
  public let name: String
  /// What its value lies within.
  public let limits: ClosedRange<Double>
  /// Whether only whole numbers make sense.
  public let isWhole: Bool
  /// One line for people, without a full stop.
  public let meaning: String

  /// What its value lies within.
  public init(_ name: String, _ limits: ClosedRange<Double>, isWhole: Bool = false, _ meaning: String) {
    (self.name, self.limits, self.isWhole, self.meaning) = (name, limits, isWhole, meaning)
  }

  /// - Throws: `UserError` with the limits where a value is outside of them.
  func check(_ value: Double) throws {
    guard limits.contains(value), !isWhole || value == value.rounded() else {
      throw UserError(
        "the option '\(name)' is \(value.plain), but must be a \(isWhole ? "whole " : "")number from \(limits.lowerBound.plain) to \(limits.upperBound.plain): \(meaning)"
      )
    }
  }
}
