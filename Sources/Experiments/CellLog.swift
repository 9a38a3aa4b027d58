// The cells of an experiment on disk, appended as they finish, so that a stopped run goes on where it was.

import Foundation
import PlanarCore

/// `plan.json`, what is to be run, and `cells.jsonl`, one finished cell a line.
public final class CellLog<Cell: Codable & Equatable & Sendable>: Sendable {
  /// The cells that an earlier run of the same plan has finished.
  public let earlier: [Cell]
  private let log: LineLog

  /// Opens the log of a folder.
  ///
  /// - Parameters:
  ///   - plan: all that the cells depend on; the same in a run that goes on.
  ///   - problem: why the plan can have no such cell behind those before it, such as "has 7 successes of 5"; nil where it
  ///     can.
  /// - Throws: `UserError` where the folder holds cells of another plan, a line of them is damaged, or it cannot be
  ///   written.
  public init(
    in folder: URL, plan: some Encodable, problem: (_ cell: Cell, _ before: [Cell]) -> String? = { _, _ in nil }
  ) throws {
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
      finished = try Self.read(cellsURL, problem)
    }
    earlier = finished
    try PartialFile.write(wanted, to: planURL)
    let known = try Self.lines(finished)
    try PartialFile.write(known, to: cellsURL)
    log = try LineLog(cellsURL, keepingBytes: known.count)
  }

  /// Adds a finished cell, unless an earlier run has finished it.
  ///
  /// What the disk refuses is told by `requireWritten`, as work under way cannot be ended here.
  public func append(_ cell: Cell) {
    guard !earlier.contains(cell), let line = try? Self.lines([cell]) else { return }
    try? log.append(line)
  }

  /// Flushes the cells to the disk.
  ///
  /// - Throws: `UserError` where it has refused one of them.
  public func requireWritten() throws { try log.sync() }

  /// The cells of a file. What a run that was killed leaves of a last line is not one of them.
  ///
  /// - Throws: `UserError` naming the first line that is no cell.
  private static func read(_ url: URL, _ problem: (Cell, [Cell]) -> String?) throws -> [Cell] {
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    var cells: [Cell] = []
    var number = 0
    try forEachLine(of: url) { line, _ in
      number += 1
      if isGap(line) { return true }
      let cell = try? JSONDecoder().decode(Cell.self, from: line)
      if let what = cell.map({ problem($0, cells) }) ?? "is no cell of this experiment" {
        throw UserError("\(url.path), line \(number): \(what); remove the line to run its cell again")
      }
      cells += [cell].compactMap(\.self)
      return true
    }
    return cells
  }

  private static func lines(_ cells: [Cell]) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try cells.reduce(into: Data()) { $0 += try encoder.encode($1) + Data("\n".utf8) }
  }
}
