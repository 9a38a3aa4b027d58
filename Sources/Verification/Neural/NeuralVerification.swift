// planar verify nn: operations, optimizers and whole networks against PyTorch's numbers.

import Foundation
import PlanarCore

/// Replays the cases of a folder's `ops`, `optim` and `models` files (`.json` and `.safetensors` of each), in
/// the layout of `make_nn.py`. The limits are those of the reference data's page; each family's source tells
/// them.
public enum NeuralVerification {
  /// The names of all files, without their extensions.
  public static let fileNames = ["ops", "optim", "models"]

  /// - Throws: `UserError` where a file is missing or malformed.
  public static func cases(in directory: URL) throws -> [VerificationCase] {
    let readers = [operationCases, optimizerCases, modelCases]
    return try zip(fileNames, readers).flatMap { name, read in
      let file = directory.appendingPathComponent(name)
      return try read(
        file.appendingPathExtension("json"), file.appendingPathExtension("safetensors"))
    }
  }

  /// Replays all cases of a folder, some at a time; the results do not depend on `threads`.
  ///
  /// - Throws: `UserError` as `cases(in:)`.
  public static func run(
    directory: URL, threads: Int, progress: any ProgressReporter = SilentProgress()
  ) throws -> VerificationReport {
    try replay(cases(in: directory), threads: threads, progress: progress)
  }
}
