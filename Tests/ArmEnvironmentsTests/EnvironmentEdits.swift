// Copies of shipped environments with mistakes in them.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import Testing

/// A copy of an environment's folder, removed with the value's last use.
final class EnvironmentCopy {
  let folder: URL

  init(of name: String = "push") throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("environment-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: EnvironmentLibrary.folder(of: name), to: folder)
    if name == "push" { try edit("  like: randomization # Environments/randomization.yaml\n", to: Self.levels) }
  }

  /// Levels of its own, in place of the shared ones, so that they can be edited.
  private static let levels = """
      none: {}
      train:
        color: 0.1
        background: 0.1
        size: [0.7, 1.3]
        mass: [0.5, 2.0]
        contact_friction: [0.5, 1.5]
        motor_gain: [0.7, 1.3]
        joint_noise: 0.0005
        position_noise: 0.001
        angle_noise: 0.01
      wide:
        color: 0.15
        size: [0.6, 1.45]
        motor_gain: [0.5, 1.5]
        joint_noise: 0.0025
        position_noise: 0.002
        angle_noise: 0.03

    """

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

extension EnvironmentCopy {
  /// The line of environment.yaml on which a text first stands.
  func line(of text: String) throws -> Int {
    let lines = try self.text().components(separatedBy: "\n")
    return try #require(lines.firstIndex { $0.contains(text) }) + 1
  }
}
