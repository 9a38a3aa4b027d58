// Changes whole files in thousands of ways and lets the program's readers read them.
//
//   mutations --count 100000                       every reader, as many files each
//   mutations --count 1000 --readers recipe,png    some of them
//   mutations --corpus FOLDER                      files that were found before
//
// A reader must accept a file or refuse it in a sentence, in bounded time and memory. What is found is kept in --found.

// The C library's stdout is a global variable, which nobody sets.
@preconcurrency import Foundation
import PlanarCore
import PlanarProgramTesting

/// What was asked for.
struct Request {
  var count = 300
  var seed = UInt64.random(in: 0..<1_000_000)
  var names: [String] = []
  var corpus: URL?
  var found = FileManager.default.temporaryDirectory.appendingPathComponent("planar-mutations-found")
  /// Of a process of trials: where it works, and the file that it begins with.
  var work: URL?
  var start = 0

  init(_ arguments: [String]) throws {
    for (name, value) in zip(arguments, arguments.dropFirst()) where name.hasPrefix("--") {
      switch name {
      case "--count": count = Int(value) ?? count
      case "--seed": seed = UInt64(value) ?? seed
      case "--readers": names = value.split(separator: ",").map(String.init)
      case "--corpus": corpus = URL(fileURLWithPath: value, isDirectory: true)
      case "--found": found = URL(fileURLWithPath: value, isDirectory: true)
      case "--work": work = URL(fileURLWithPath: value, isDirectory: true)
      case "--start": start = Int(value) ?? start
      default: throw UserError("there is no option \(name)")
      }
    }
  }

  /// The files of one reader that were found before.
  func corpus(of name: String) -> [URL]? {
    guard let folder = corpus?.appendingPathComponent(name) else { return nil }
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
      .map { folder.appendingPathComponent($0) }
  }
}

@main struct Mutations {
  static func main() throws {
    setvbuf(stdout, nil, _IOLBF, 0)
    let request = try Request(Array(CommandLine.arguments.dropFirst()))
    // What a crash looked like is seen again from the file; telling it here takes seconds each.
    setenv("SWIFT_BACKTRACE", "enable=no", 1)
    if let work = request.work { return try runTrials(request, work) }
    exit(try runAll(request) ? 0 : 1)
  }

  /// The work of one process.
  private static func runTrials(_ request: Request, _ work: URL) throws {
    // An allocation without bounds ends this process and not the machine.
    var limit = rlimit(rlim_cur: 6 << 30, rlim_max: 6 << 30)
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    let all = try readers(work.deletingLastPathComponent().appendingPathComponent("seeds"), project: projectFolder)
    guard let reader = all.first(where: { $0.name == request.names.first }) else {
      throw UserError("there is no reader \(request.names)")
    }
    let trial = Trial(reader: reader, work: work, found: request.found, seed: request.seed)
    try trial.prepare()
    if let corpus = request.corpus(of: reader.name) {
      try trial.run(corpus: corpus, from: request.start)
    } else {
      try trial.run(from: request.start, to: request.count)
    }
  }

  /// Runs all readers, each in processes of its own; whether nothing was found.
  private static func runAll(_ request: Request) throws -> Bool {
    let manager = FileManager.default
    let memory = URL(fileURLWithPath: "/dev/shm", isDirectory: true)
    let parent = manager.isWritableFile(atPath: memory.path) ? memory : manager.temporaryDirectory
    let root = parent.appendingPathComponent("planar-mutations-\(getpid())", isDirectory: true)
    try manager.createDirectory(at: root, withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: root) }
    let seeds = root.appendingPathComponent("seeds", isDirectory: true)
    try manager.createDirectory(at: seeds, withIntermediateDirectories: true)
    try Seeds.make(in: seeds)
    let all = try readers(seeds, project: projectFolder)
    print("mutations: \(request.count) files for each reader, seed \(request.seed)")
    var isClean = true
    for reader in all where request.names.isEmpty || request.names.contains(reader.name) {
      let count = request.corpus(of: reader.name)?.count ?? request.count
      if count == 0 { continue }
      isClean = try run(reader, count, request, in: root) && isClean
    }
    return isClean
  }

  private static func run(_ reader: Reader, _ count: Int, _ request: Request, in root: URL) throws -> Bool {
    let work = root.appendingPathComponent(reader.name, isDirectory: true)
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: work) }
    let trial = Trial(reader: reader, work: work, found: request.found, seed: request.seed)
    let began = Date()
    var start = 0
    var standing = Standing()
    while start < count {
      let run = try PlanarProgramTesting.run(
        Bundle.main.executableURL!,
        ["--readers", reader.name, "--count", "\(count)", "--seed", "\(request.seed)", "--start", "\(start)"]
          + ["--work", work.path, "--found", request.found.path]
          + (request.corpus.map { ["--corpus", $0.path] } ?? []))
      print(run.output, terminator: "")
      let url = Trial.standingFile(in: work)
      guard let data = try? Data(contentsOf: url) else {
        print("\(reader.name): could not begin: \(run.errors.suffix(2_000))")
        return false
      }
      standing = try JSONDecoder().decode(Standing.self, from: data)
      if run.status == 0 { break }
      let corpus = request.corpus(of: reader.name)
      let number = trial.seedNumber(standing.index)
      let name = corpus?[standing.index].lastPathComponent ?? trial.keptName(number, standing.index)
      standing.faults += 1
      if corpus == nil, standing.faults <= Trial.kept {
        try trial.keep(Data(contentsOf: trial.place(number)), as: name)
      }
      let message = run.errors.split(separator: "\n").first { $0.contains("atal error") || $0.contains("Error") } ?? ""
      print("\(reader.name)/\(name): ended by \(run.signal.map { "signal \($0)" } ?? "exit \(run.status)") \(message)")
      start = standing.index + 1
      try JSONEncoder().encode(standing).write(to: url)
    }
    let seconds = String(format: "%.1f", Date().timeIntervalSince(began))
    print(
      "\(reader.name): \(count) files, \(standing.accepted) accepted, \(standing.refused) refused, \(standing.faults) faults, \(seconds) s"
    )
    return standing.faults == 0
  }
}
