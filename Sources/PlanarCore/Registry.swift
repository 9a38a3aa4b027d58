// Lists that other packages can add to: heads, tasks, experts, experiments, learning methods.

import Synchronization

/// Something that is chosen by its name in a file or on the command line.
public protocol Registrable: Sendable {
  /// What files and flags call it, such as `flow`.
  var name: String { get }
}

/// Named entries in the order in which they were registered.
///
/// Planar's own entries are there from the start; a program of somebody else's adds its own before it runs a command:
///
/// ```swift
/// taskRegistry.register(MyTask.kind)
/// PlanarCommand.main()
/// ```
public final class Registry<Entry: Registrable>: Sendable {
  /// What the entries are, in messages, such as `head`.
  public let kind: String
  private let list: Mutex<[Entry]>

  /// - Parameters:
  ///   - kind: the singular noun that messages use.
  ///   - entries: what is there from the start.
  public init(of kind: String, _ entries: [Entry]) {
    self.kind = kind
    list = Mutex(entries)
    precondition(Set(entries.map(\.name)).count == entries.count, "two of the \(kind)s have one name")
  }

  /// Adds an entry; one of the same name is a programmer mistake.
  public func register(_ entry: Entry) {
    list.withLock {
      precondition(!$0.contains { $0.name == entry.name }, "there is a \(kind) '\(entry.name)' already")
      $0.append(entry)
    }
  }

  /// All entries, in order of registration.
  public var entries: [Entry] { list.withLock { $0 } }

  /// All names, in order of registration.
  public var names: [String] { entries.map(\.name) }

  /// The entry of a name; nil where there is none.
  public subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  /// The entry of a name.
  ///
  /// - Throws: `UserError` that lists the names there are, with the nearest one.
  public func entry(named name: String) throws -> Entry {
    if let entry = self[name] { return entry }
    let hint = nearestName(to: name, among: names).map { " (did you mean '\($0)'?)" } ?? ""
    throw UserError("there is no \(kind) '\(name)'\(hint); the \(kind)s are \(names.joined(separator: ", "))")
  }
}
