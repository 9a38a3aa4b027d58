// Copies of shipped environments with mistakes in them.

import ArmEnvironments
import Foundation
import PlanarCore
import Testing

/// A copy of an environment's folder, removed with the value's last use.
final class EnvironmentCopy {
  let folder: URL

  init(of name: String = "push") throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("environment-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: EnvironmentLibrary.folder(of: name), to: folder)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func text(of file: String = "environment.yaml") throws -> String {
    try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
  }

  func write(_ text: String, to file: String = "environment.yaml") throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(file))
  }

  /// Replaces a text that stands in the file once.
  func edit(_ old: String, to new: String, in file: String = "environment.yaml") throws {
    let text = try text(of: file)
    try #require(text.components(separatedBy: old).count == 2, "'\(old)' must stand in \(file) once")
    try write(text.replacingOccurrences(of: old, with: new), to: file)
  }

  /// The message with which it is refused, the folder left out; nil where it is accepted.
  func refusal(randomization: String = "none") -> String? {
    do {
      _ = try ArmEnvironment(folder: folder, settings: EnvironmentSettings(randomization: randomization))
      return nil
    } catch let error as UserError {
      return error.message.replacingOccurrences(of: folder.path + "/", with: "")
    } catch {
      return "not a UserError: \(error)"
    }
  }
}

/// The line of environment.yaml of a shipped environment on which a text first stands.
func line(of text: String, in name: String = "push") throws -> Int {
  let file = try EnvironmentLibrary.folder(of: name).appendingPathComponent("environment.yaml")
  let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
  return try #require(lines.firstIndex { $0.contains(text) }) + 1
}
