// A checkpoint trained for a moment: knows nothing, but is whole.

import Foundation
import PlanarProgramTesting
import Testing

/// Made once for all tests that need one, by the program itself.
struct TinyCheckpoint {
  let folder: TestFolder
  /// The dataset of the training, and the checkpoint.
  var data: String { folder.path("data") }
  var path: String { folder.path("policy") }

  static let shared = Result { try TinyCheckpoint() }

  private init() throws {
    folder = try TestFolder()
    let record = try planar("record", "--episodes", "16", "--output", data)
    try #require(record.status == 0, "\(record.errors)")
    let train = try Self.train(data: data, output: path)
    try #require(train.status == 0, "\(train.errors)")
  }

  static func train(data: String, output: String, threads: Int = 2) throws -> ProgramRun {
    try planar(
      "train", "flow", "--data", data, "--steps", "20", "--batch-size", "32", "--size", "small",
      "--threads", "\(threads)", "--output", output)
  }

  /// A copy that a test may break.
  func copy(in folder: TestFolder) throws -> URL {
    let copy = folder.url("copy")
    try FileManager.default.copyItem(at: self.folder.url("policy"), to: copy)
    return copy
  }
}

/// Runs the program.
func planar(_ arguments: String...) throws -> ProgramRun { try run("planar", arguments) }
