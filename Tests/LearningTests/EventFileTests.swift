// TensorBoard's event files: the bytes are those that TensorBoard's own writer makes, and a run's file is clean.

import Foundation
import PlanarLearning
import PlanarCore
import Testing

@Suite struct EventFileTests {
  /// The test vectors of RFC 3720, B.4, and the usual check value.
  @Test func checksumsAreCastagnolis() {
    #expect(CRC32C.checksum(of: Array("123456789".utf8)) == 0xe306_9283)
    #expect(CRC32C.checksum(of: [UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(CRC32C.checksum(of: [UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
    #expect(CRC32C.checksum(of: (0..<32).map { UInt8($0) }) == 0x46dd_794e)
    #expect(CRC32C.checksum(of: []) == 0)
  }

  /// Written with TensorBoard 2.20's `RecordWriter` and its compiled protocol buffers.
  private let reference = """
    GAAAAAAAAACjf0siCQAAEED8VNlBGg1icmFpbi5FdmVudDoyM40v6TcAAAAAAAAA5+jKWQkAAGBA/FTZQSosChQKDWxvc3MvdHJhaW5pbmcVAADA\
    PwoUCg1sZWFybmluZ19yYXRlFQAAAADr9IwtUgAAAAAAAAAl6we3CQAAsED8VNlBEPQDKkQKFAoNbG9zcy90cmFpbmluZxUAAIA+ChYKD2xvc3Mv\
    dmFsaWRhdGlvbhUAAAC+ChQKDWdyYWRpZW50X25vcm0VAABAQAMpXtQlAAAAAAAAAOq8NvMJAAAAWfxU2UEQoI0GKhYKFAoNbG9zcy90cmFpbmlu\
    ZxUAAIA99AOAIw==
    """

  @Test func recordsAreThoseOfTheReference() throws {
    let events = [
      ScalarEvent(
        time: 1_700_000_001.5, step: 0, scalars: [.init("loss/training", 1.5), .init("learning_rate", 0)]),
      ScalarEvent(
        time: 1_700_000_002.75, step: 500,
        scalars: [.init("loss/training", 0.25), .init("loss/validation", -0.125), .init("gradient_norm", 3)]),
      ScalarEvent(time: 1_700_000_100, step: 100_000, scalars: [.init("loss/training", 0.0625)]),
    ]
    let file = events.reduce(ScalarEvent.fileVersion(time: 1_700_000_000.25)) { $0 + $1.record }
    #expect(file == Data(base64Encoded: reference))
  }

  /// A run that was stopped and resumed has every step once, and so has one that began again.
  @Test func aRunsFileHasEveryStepOnce() throws {
    let labels = try Toy.labels(200)
    let folder = try TemporaryFolder()
    func train(resume: Bool, stopAt: Int) throws {
      let stop = StopFlag()
      _ = try TrainingRun(folder: folder.url, resume: resume).train(
        Toy.policy("regression", for: labels), on: labels, configuration: Toy.configuration(),
        progress: StopsAt(done: stopAt, stop: stop), stop: stop)
    }
    try train(resume: false, stopAt: 40)
    #expect(try eventSteps(in: folder.url) == [15, 30])
    try train(resume: true, stopAt: .max)
    #expect(try eventSteps(in: folder.url) == [15, 30, 45])
    try train(resume: false, stopAt: 20)
    #expect(try eventSteps(in: folder.url) == [15])
  }

  /// A state that is older than the last record, as a killed program leaves it.
  @Test func whatCameAfterTheStateIsCutOff() throws {
    let labels = try Toy.labels(200)
    let folder = try TemporaryFolder()
    let early = try Toy.trainer("regression", labels, Toy.configuration())
    let stop = StopFlag()
    try early.run(progress: StopsAt(done: 20, stop: stop), stop: stop)
    let run = TrainingRun(folder: folder.url)
    _ = try run.train(Toy.policy("regression", for: labels), on: labels, configuration: Toy.configuration())
    #expect(try eventSteps(in: folder.url) == [15, 30, 45])
    try early.saveState(in: folder.url)
    _ = try TrainingRun(folder: folder.url, resume: true).train(
      Toy.policy("regression", for: labels), on: labels, configuration: Toy.configuration())
    #expect(try eventSteps(in: folder.url) == [15, 30, 45])
  }

  /// TensorBoard reads no further than to a damaged record, so that the curves of all that follows would be lost.
  @Test func damagedRecordsAreWrittenAgain() throws {
    let labels = try Toy.labels(200)
    let folder = try TemporaryFolder()
    let run = TrainingRun(folder: folder.url)
    let result = try run.train(Toy.policy("regression", for: labels), on: labels, configuration: Toy.configuration())
    let url = try #require(
      FileManager.default.contentsOfDirectory(at: folder.url, includingPropertiesForKeys: nil).first {
        $0.lastPathComponent.contains("tfevents")
      })
    let whole = try Data(contentsOf: url)
    func steps(_ data: Data, records: [TrainingRecord] = result.records, upTo step: Int = 45) throws -> [Int] {
      try data.write(to: url)
      _ = try EventFile(in: folder.url, keepingSteps: step, of: records)
      return try eventSteps(in: folder.url)
    }
    #expect(try steps(whole, records: []) == [15, 30, 45])
    #expect(try Data(contentsOf: url) == whole)
    for place in stride(from: 0, to: whole.count, by: 7) {
      var damaged = whole
      damaged[place] ^= 4
      #expect(try steps(damaged) == [15, 30, 45], "a flipped bit at byte \(place)")
      #expect(try steps(whole.prefix(place)) == [15, 30, 45], "cut at byte \(place)")
    }
    #expect(try steps(whole.dropLast(3), upTo: 30) == [15, 30])
  }
}

/// The steps of a folder's one event file, its frames checked.
private func eventSteps(in folder: URL) throws -> [Int] {
  let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("tfevents") }
  #expect(names.count == 1)
  let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(try #require(names.first))))
  func number(_ place: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }
  var steps: [Int] = []
  var place = 0
  while place < bytes.count {
    let length = number(place, 8)
    #expect(UInt32(number(place + 8, 4)) == CRC32C.masked(bytes[place..<place + 8]))
    let message = bytes[place + 12..<place + 12 + length]
    #expect(UInt32(number(place + 12 + length, 4)) == CRC32C.masked(message))
    // Wall time, then the step as a varint of one byte below 128; the file's version has none.
    if message[message.startIndex + 9] == 0x10 { steps.append(Int(message[message.startIndex + 10])) }
    place += 16 + length
  }
  return steps
}
