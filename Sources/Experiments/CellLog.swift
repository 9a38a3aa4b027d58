// The cells of an experiment on disk, appended as they finish, so that a stopped run goes on where it was.

import Foundation
import PlanarCore
import Synchronization

/// `plan.json`, what is to be run, and `cells.jsonl`, one finished cell a line.
public final class CellLog<Cell: Codable & Equatable & Sendable>: Sendable {
  /// The cells that an earlier run of the same plan has finished.
  public let earlier: [Cell]
  private let file: Mutex<FileHandle>

  /// Opens the log of a folder.
  ///
  /// - Parameter plan: all that the cells depend on; the same in a run that goes on.
  /// - Throws: `UserError` where the folder holds cells of another plan, or cannot be written.
  public init(in folder: URL, plan: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let wanted = try encoder.encode(plan)
    let (planURL, cellsURL) = (folder.appendingPathComponent("plan.json"), folder.appendingPathComponent("cells.jsonl"))
    var finished: [Cell] = []
    if let found = try? Data(contentsOf: planURL) {
      guard found == wanted else {
        throw UserError(
          "\(folder.relativePath) holds cells of a run with other settings (plan.json); repeat them to go on with it, or give another --output"
        )
      }
      let lines = ((try? Data(contentsOf: cellsURL)) ?? Data()).split(separator: UInt8(ascii: "\n"))
      // A run that was killed may leave half a line.
      finished = lines.compactMap { try? JSONDecoder().decode(Cell.self, from: $0) }
    }
    earlier = finished
    do {
      try wanted.write(to: planURL, options: .atomic)
      try Self.lines(finished).write(to: cellsURL, options: .atomic)
      let handle = try FileHandle(forWritingTo: cellsURL)
      try handle.seekToEnd()
      file = Mutex(handle)
    } catch {
      throw UserError("cannot write into \(folder.path): \(error.localizedDescription)")
    }
  }

  /// Adds a finished cell, unless an earlier run has finished it.
  public func append(_ cell: Cell) {
    guard !earlier.contains(cell), let line = try? Self.lines([cell]) else { return }
    file.withLock { $0.write(line) }
  }

  private static func lines(_ cells: [Cell]) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try cells.reduce(into: Data()) { $0 += try encoder.encode($1) + Data("\n".utf8) }
  }
}
