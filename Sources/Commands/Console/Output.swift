// What is told: JSON for machines, warnings for people.

import Foundation
import PlanarArmEnvironments
import PlanarCore

/// Prints a value as one JSON object with sorted keys; numbers that JSON does not know are the strings inf, -inf and nan, and
/// dates are ISO 8601's.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.dateEncodingStrategy = .iso8601
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// Tells something on standard error while the work goes on.
func warn(_ sentence: String, as kind: String = "Warning") {
  StandardStreams.tell("\(kind): \(sentence)\n")
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
  StandardStreams.tell("Using \(path) in place of the environment '\(environment)' that comes with Planar\n")
}
