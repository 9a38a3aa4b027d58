// The event file of a run: TensorBoard shows its curves while they grow.

import Foundation
import PlanarCore

/// Scalars over steps in a folder's `events.out.tfevents.…`, for `tensorboard --logdir`.
///
/// Each record is appended and on the disk at once. A run that is resumed goes on in its own file: what was
/// written after the state that it goes on from is cut off, so that no step stands twice. TensorBoard reads a file up to
/// the first damaged record: such ones are written anew from what the run remembers of its steps.
package struct EventFile {
  let url: URL
  private let handle: FileHandle

  private static let prefix = "events.out.tfevents."
  private static let suffix = ".planar"

  /// Opens the folder's file.
  ///
  /// - Parameters:
  ///   - keptSteps: records up to this step stay; nil begins afresh and removes files of earlier runs.
  ///   - records: of the steps so far: those whose records are missing or damaged are written again, with the time of now.
  /// - Throws: `UserError` where the disk refuses.
  package init(in folder: URL, keepingSteps keptSteps: Int? = nil, of records: [TrainingRecord] = []) throws {
    let old = Self.files(in: folder)
    let now = Date().timeIntervalSince1970
    var content = ScalarEvent.fileVersion(time: now)
    if let keptSteps, let last = old.last, let data = try? Data(contentsOf: last) {
      var kept = Self.records(of: data, upTo: keptSteps)
      let known = Set(kept.map(\.step))
      kept += records.filter { $0.step <= keptSteps && !known.contains($0.step) }.map {
        ($0.step, $0.event(time: now).record)
      }
      // The file's version stands first, at step 0.
      if !known.contains(0) { kept.append((0, content)) }
      content = kept.sorted { $0.step < $1.step }.reduce(into: Data()) { $0 += $1.record }
    }
    let isKept = keptSteps != nil && !old.isEmpty
    url = isKept ? old.last! : folder.appendingPathComponent("\(Self.prefix)\(Int(now))\(Self.suffix)")
    do {
      for file in old where file != url { try FileManager.default.removeItem(at: file) }
      try PartialFile.write(content, to: url)
      handle = try FileHandle(forWritingTo: url)
      try handle.seekToEnd()
    } catch let error as UserError {
      throw error
    } catch {
      throw UserError("cannot write \(url.path): \(systemReason(of: error))")
    }
  }

  /// The event files that this program has written into a folder, oldest first.
  static func files(in folder: URL) -> [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.sorted()
      .map { folder.appendingPathComponent($0) }
  }

  /// - Throws: `UserError` where the disk refuses.
  func append(_ event: ScalarEvent) throws {
    do { try handle.write(contentsOf: event.record) } catch {
      throw UserError("cannot write \(url.path): \(systemReason(of: error))")
    }
  }

  /// The sound records whose steps do not pass `step`, the first of each step. One whose length is damaged, or that ends
  /// too soon, ends them, as nobody knows where the next begins.
  private static func records(of data: Data, upTo step: Int) -> [(step: Int, record: Data)] {
    let bytes = [UInt8](data)
    func number(at place: Int, bytes count: Int) -> UInt64 {
      (0..<count).reduce(0) { $0 | UInt64(bytes[place + $1]) << (8 * $1) }
    }
    var found: [(step: Int, record: Data)] = []
    var known: Set<Int> = []
    var place = 0
    while place + 16 <= bytes.count {
      guard number(at: place + 8, bytes: 4) == CRC32C.masked(bytes[place..<place + 8]),
        let length = Int(exactly: number(at: place, bytes: 8)), length <= bytes.count - place - 16
      else { break }
      let message = bytes[place + 12..<place + 12 + length]
      let end = message.endIndex + 4
      if number(at: message.endIndex, bytes: 4) == CRC32C.masked(message) {
        let own = stepOfMessage(message)
        if own <= step, known.insert(own).inserted { found.append((own, Data(bytes[place..<end]))) }
      }
      place = end
    }
    return found
  }

  /// The step of a message whose first field is the wall time: a key and eight bytes.
  private static func stepOfMessage(_ message: ArraySlice<UInt8>) -> Int {
    var rest = message.dropFirst(9)
    guard rest.first == 2 << 3 else { return 0 }
    rest.removeFirst()
    var step = 0
    for (index, byte) in rest.prefix(9).enumerated() {
      step |= Int(byte & 0x7f) << (7 * index)
      if byte < 0x80 { break }
    }
    return step
  }
}

extension TrainingRecord {
  /// The record's scalars under TensorBoard's tags.
  func event(time: Double) -> ScalarEvent {
    var scalars = [ScalarEvent.Scalar("loss/training", trainingLoss)]
    if let validationLoss { scalars.append(.init("loss/validation", validationLoss)) }
    scalars += [.init("learning_rate", learningRate), .init("gradient_norm", gradientNorm)]
    return ScalarEvent(time: time, step: step, scalars: scalars)
  }
}
