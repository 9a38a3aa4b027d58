// The event file of a run: TensorBoard shows its curves while they grow.

import Foundation
import PlanarCore

/// Scalars over steps in a folder's `events.out.tfevents.…`, for `tensorboard --logdir`.
///
/// Each record is appended and on the disk at once. A run that is resumed goes on in its own file: what was
/// written after the state that it goes on from is cut off, so that no step stands twice.
package struct EventFile {
  let url: URL
  private let handle: FileHandle

  private static let prefix = "events.out.tfevents."
  private static let suffix = ".planar"

  /// Opens the folder's file.
  ///
  /// - Parameter keptSteps: records up to this step stay; nil begins afresh and removes files of earlier runs.
  /// - Throws: `UserError` where the disk refuses.
  package init(in folder: URL, keepingSteps keptSteps: Int? = nil) throws {
    let old = Self.files(in: folder)
    var content = Data()
    if let keptSteps, let last = old.last, let data = try? Data(contentsOf: last) {
      content = Self.records(of: data, upTo: keptSteps)
    }
    let now = Date().timeIntervalSince1970
    if content.isEmpty { content = ScalarEvent.fileVersion(time: now) }
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

  /// The leading records whose steps do not pass `step`; a damaged one ends them.
  private static func records(of data: Data, upTo step: Int) -> Data {
    let bytes = [UInt8](data)
    var end = 0
    while end + 12 <= bytes.count {
      let length = (0..<8).reduce(0) { $0 | Int(bytes[end + $1]) << (8 * $1) }
      guard length >= 0, length <= bytes.count - end - 16 else { break }
      guard stepOfMessage(bytes[end + 12..<end + 12 + length]) <= step else { break }
      end += 16 + length
    }
    return data.prefix(end)
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
