// Where a command writes: its folder is claimed before it works.

import ArgumentParser
import Foundation
import PlanarCore

/// What may be done with a folder that holds something, for commands that go on with it by --resume.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Go on with the unfinished run in --output, to the same results as one that was never stopped.")
  var resume = false

  @Flag(help: "Replace what --output holds of the same kind; other files stay.")
  var overwrite = false

  func validate() throws {
    guard !(resume && overwrite) else { throw ValidationError("--resume and --overwrite exclude each other.") }
  }

  private var intent: FolderClaim.Intent { resume ? .goOn : overwrite ? .overwrite : .begin }

  /// Claims the folder of a run: the one asked for, or a new `runs/<time>-<name>`.
  ///
  /// - Throws: `UserError` where it cannot be had; see `FolderClaim`.
  func claim(_ output: String?, name: String, as kind: FolderKind) throws -> FolderClaim {
    let claim = try claimed(output, name: name, as: kind)
    if !resume { try claim.note(RunBeginning(arguments: NextCommand.fromTheBeginning.arguments)) }
    return claim
  }

  private func claimed(_ output: String?, name: String, as kind: FolderKind) throws -> FolderClaim {
    if let output {
      return try FolderClaim(of: URL(fileURLWithPath: output, isDirectory: true), as: kind, to: intent)
    }
    guard !resume else { throw UserError("--resume needs --output, the folder of the run") }
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd-HHmmss"
    let folder = URL(fileURLWithPath: "runs/\(formatter.string(from: Date()))-\(name)", isDirectory: true)
    return try FolderClaim(newFolder: folder, as: kind)
  }
}
