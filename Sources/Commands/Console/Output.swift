// Where results go: run folders, and JSON for machines.

import Foundation
import PlanarArmEnvironments
import PlanarCore

/// Prints a value as one JSON object with sorted keys; numbers that JSON does not know are the strings inf, -inf and nan.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// Tells something on standard error while the work goes on.
func warn(_ sentence: String, as kind: String = "Warning") {
  FileHandle.standardError.write(Data("\(kind): \(sentence)\n".utf8))
}

/// Tells on standard error which folder is used where one of the user's own stands in for what comes with Planar, or is
/// found above the working folder.
func tellReplacement(of environment: String) {
  if let above = ProjectFolder.above, !EnvironmentLibrary.isPath(environment) {
    let path = above.appendingPathComponent("Environments/\(environment)").path
    if FileManager.default.fileExists(atPath: path) {
      return warn("the environment '\(environment)' is read from \(path), above the working folder", as: "Note")
    }
  }
  guard let folder = EnvironmentLibrary.replacement(of: environment) else { return }
  let here = FileManager.default.currentDirectoryPath + "/"
  let path = folder.path.hasPrefix(here) ? String(folder.path.dropFirst(here.count)) : folder.path
  FileHandle.standardError.write(
    Data("Using \(path) in place of the environment '\(environment)' that comes with Planar\n".utf8))
}

/// The folder of a run, whether it is there or not: the one asked for, or `runs/<time>-<name>`.
func runFolderURL(_ path: String?, name: String) -> URL {
  let formatter = DateFormatter()
  formatter.locale = Locale(identifier: "en_US_POSIX")
  formatter.dateFormat = "yyyyMMdd-HHmmss"
  return URL(
    fileURLWithPath: path ?? "runs/\(formatter.string(from: Date()))-\(name)", isDirectory: true)
}

/// The same; made if it is not there.
///
/// - Throws: `UserError` where it cannot be made.
func runFolder(_ path: String?, name: String) throws -> URL {
  let folder = runFolderURL(path, name: name)
  do {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  } catch {
    throw UserError("cannot make the folder \(folder.path): \(error.localizedDescription)")
  }
  return folder
}
