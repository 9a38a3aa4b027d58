// One process that reads changed files one after another: what ends it names the file that did.

import Foundation
import PlanarCore

/// What went wrong with a file.
struct Fault: Error {
  /// One word or two.
  var kind: String
  var detail: String
}

/// How far a process of trials has come, on disk at every moment.
struct Standing: Codable, Equatable {
  /// The file that is being read, or was last.
  var index = 0
  var accepted = 0
  var refused = 0
  var faults = 0
}

/// Trials of one reader in this process.
struct Trial {
  let reader: Reader
  /// Where files are written: one folder for each seed, with what lies beside it.
  let work: URL
  let found: URL
  let seed: UInt64

  /// CPU seconds that a file may take, and bytes that the process may grow by while it is read.
  static let seconds = 2.0
  static let bytes = 300 << 20
  /// More faults of one reader are counted, and their files not kept.
  static let kept = 40

  static func standingFile(in work: URL) -> URL { work.appendingPathComponent("standing.json") }

  private func folder(_ number: Int) -> URL { work.appendingPathComponent("\(number)", isDirectory: true) }

  /// Where the file of a trial lies while it is read.
  func place(_ number: Int) -> URL { folder(number).appendingPathComponent(reader.seeds[number].lastPathComponent) }

  /// The seed file of a trial.
  func seedNumber(_ index: Int) -> Int { index % reader.seeds.count }

  /// What a kept file is called: the folder of the file that it was made from, and its number.
  func keptName(_ number: Int, _ index: Int) -> String {
    let seed = reader.seeds[number]
    let origin =
      reader.seeds.count(where: { $0.lastPathComponent == seed.lastPathComponent }) > 1
      ? seed.deletingLastPathComponent().lastPathComponent : seed.deletingPathExtension().lastPathComponent
    return "\(origin)--\(index).\(seed.pathExtension)"
  }

  /// Lays out what lies beside the files.
  func prepare() throws {
    let manager = FileManager.default
    for (number, seed) in reader.seeds.enumerated() {
      let folder = folder(number)
      if manager.fileExists(atPath: folder.path) { continue }
      try manager.createDirectory(at: folder, withIntermediateDirectories: true)
      let source = seed.deletingLastPathComponent()
      for name in try manager.contentsOfDirectory(atPath: source.path) where name != seed.lastPathComponent {
        try manager.copyItem(
          at: source.appendingPathComponent(name), to: folder.appendingPathComponent(name))
      }
      // The whole file must be read without a complaint: else nothing of it would be tried.
      try Data(contentsOf: seed).write(to: place(number))
      if reader.name != "sentences" { try reader.read(place(number)) }
    }
  }

  /// Reads the files from one number to another.
  func run(from start: Int, to end: Int) throws {
    let seeds = try reader.seeds.map { try Data(contentsOf: $0) }
    let trees = TreeCache()
    try go(from: start, to: end) { index in
      let number = seedNumber(index)
      var mutator = Mutator(random: RandomStream(seed: seed, purpose: reader.name, index: index), trees: trees)
      return (number, mutator.mutated(seeds[number], reader.form))
    }
  }

  /// Reads files that were found before.
  func run(corpus: [URL], from start: Int) throws {
    try go(from: start, to: corpus.count) { index in
      let origin = corpus[index].lastPathComponent.components(separatedBy: "--")[0]
      let number = reader.seeds.indices.first { keptName($0, 0).hasPrefix(origin + "--") } ?? 0
      return (number, try Data(contentsOf: corpus[index]))
    }
  }

  private func go(from start: Int, to end: Int, _ make: (Int) throws -> (seed: Int, data: Data)) throws {
    let standingURL = Self.standingFile(in: work)
    var standing = (try? JSONDecoder().decode(Standing.self, from: Data(contentsOf: standingURL))) ?? Standing()
    let parent = getppid()
    for index in start..<max(start, end) where getppid() == parent {
      let (number, data) = try make(index)
      standing.index = index
      try JSONEncoder().encode(standing).write(to: standingURL)
      try data.write(to: place(number))
      do {
        if try read(place(number)) { standing.accepted += 1 } else { standing.refused += 1 }
      } catch let fault as Fault {
        standing.faults += 1
        let name = keptName(number, index)
        if standing.faults <= Self.kept { try keep(data, as: name) }
        print("\(reader.name)/\(name): \(fault.kind): \(fault.detail)")
      }
    }
    standing.index = end
    try JSONEncoder().encode(standing).write(to: standingURL)
  }

  func keep(_ data: Data, as name: String) throws {
    let folder = found.appendingPathComponent(reader.name, isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try data.write(to: folder.appendingPathComponent(name))
  }

  /// Whether a file is accepted.
  private func read(_ url: URL) throws -> Bool {
    // A reader that does not come back is ended by the system.
    var limit = itimerval(it_interval: timeval(), it_value: timeval(tv_sec: Int(10 * Self.seconds), tv_usec: 0))
    setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &limit, nil)
    let memory = Memory.reset()
    let began = clock()
    var isAccepted = false
    do {
      try reader.read(url)
      isAccepted = true
    } catch let error as UserError {
      try requireSentence(error.message, about: url)
    } catch let fault as Fault {
      throw fault
    } catch {
      throw Fault(kind: "a raw error", detail: String("\(error)".prefix(300)).replacing("\n", with: " "))
    }
    let seconds = Double(clock() - began) / Double(CLOCKS_PER_SEC)
    let grown = Memory.peak() - memory
    guard seconds < Self.seconds else { throw Fault(kind: "slow", detail: "\(seconds) s") }
    guard grown < Self.bytes else { throw Fault(kind: "memory", detail: "\(grown >> 20) MB") }
    return isAccepted
  }
}

/// A refusal is one sentence that a person can read, and names the file.
func requireSentence(_ message: String, about url: URL?) throws {
  func refuse(_ kind: String) -> Fault {
    Fault(kind: kind, detail: String(message.prefix(700)).replacing("\n", with: "⏎"))
  }
  guard message.count <= 600 else { throw refuse("a message of \(message.count) characters") }
  guard !message.unicodeScalars.contains(where: { $0 == "\n" || $0 == "\r" || $0.value == 0 || $0 == "\u{1b}" }) else {
    throw refuse("a message of several lines or with control characters")
  }
  for raw in [
    "DecodingError", "NSCocoaErrorDomain", "CodingKey", "Swift.", "debugDescription", "Optional(", "Error Domain",
    "couldn’t be completed", "isn’t in the correct format", "Context(", "fatal",
  ] where message.contains(raw) { throw refuse("a raw text") }
  guard let url else { return }
  let folder = url.deletingLastPathComponent().path
  // What a command has asked an environment for may not be there; then its name is told.
  guard message.contains(url.lastPathComponent) || message.contains(folder) || message.contains("environment '") else {
    throw refuse("names no file")
  }
}

/// The memory of this process.
enum Memory {
  /// Forgets the peak, and tells what is in use now, in bytes.
  static func reset() -> Int {
    let descriptor = open("/proc/self/clear_refs", O_WRONLY)
    write(descriptor, "5", 1)
    close(descriptor)
    return peak()
  }

  /// The most that was in use since, in bytes.
  static func peak() -> Int {
    var usage = [UInt8](repeating: 0, count: 4096)
    let descriptor = open("/proc/self/status", O_RDONLY)
    let count = Foundation.read(descriptor, &usage, usage.count)
    close(descriptor)
    let text = String(decoding: usage.prefix(max(0, count)), as: UTF8.self)
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({ Int($0) })
    else { return 0 }
    return kilobytes << 10
  }
}
