// A folder that one process writes into: claimed before the work begins, and never shared.

import Foundation
import Synchronization

/// One process's right to write into a folder, as long as it is held.
///
/// ```swift
/// let claim = try FolderClaim(of: folder, as: .dataset, to: .begin)
/// defer { claim.release() }
/// ```
///
/// The claim is a lock on the folder, which the system releases with the process, however that ends: no file is left
/// behind that would have to be deleted by hand. What a killed process left half-written is removed when its folder is
/// claimed again. Where a file system knows no locks (some network drives), two processes are not told apart.
public final class FolderClaim: Sendable {
  /// What is to be done in the folder.
  public enum Intent: Hashable, Sendable {
    /// Something new: the folder must be empty, or not be there.
    case begin
    /// What the folder holds is gone on with; it must be there.
    case goOn
    /// What the folder holds is gone on with, where it holds something.
    case beginOrGoOn
    /// What the folder holds of this kind is deleted first. Other files stay.
    case overwrite
  }

  /// What was claimed.
  public let folder: URL
  private let descriptor: Mutex<Int32?>
  /// Folders that were made for the claim, outermost first.
  private let made: [String]

  /// Claims a folder; makes it, and those that it lies in, where it is not there.
  ///
  /// - Parameters:
  ///   - kind: what the folder is to hold.
  ///   - intent: what is to be done there.
  /// - Throws: `UserError` where the folder is a file, belongs to another process, cannot be written, holds something
  ///   else, or what the intent does not allow.
  public init(of folder: URL, as kind: FolderKind, to intent: Intent) throws {
    if intent == .goOn, !Self.exists(folder) { throw UserError(kind.nothingToGoOnWith(in: folder)) }
    var made: [String] = []
    var descriptor: Int32
    repeat {
      made += try Self.make(folder)
      descriptor = try Self.openLocked(folder)
      // Whoever made the folder may have removed it again, empty, between opening and locking.
      if FileLock.isStill(folder.path, descriptor) { break }
      close(descriptor)
    } while true
    self.folder = folder
    self.made = made
    self.descriptor = Mutex(descriptor)
    do { try Self.prepare(folder, kind, intent) } catch {
      release()
      throw error
    }
  }

  /// Claims a new folder: the named one, or, where that is there already, the first free of `<name>-2`, `<name>-3` …
  ///
  /// - Throws: `UserError` where no folder can be made.
  public convenience init(newFolder first: URL, as kind: FolderKind) throws {
    _ = try Self.make(first.deletingLastPathComponent())
    var candidate = first
    var number = 1
    while mkdir(candidate.path, 0o777) != 0 {
      guard errno == EEXIST else { throw Self.failure(candidate) }
      number += 1
      candidate = first.deletingLastPathComponent().appendingPathComponent(
        "\(first.lastPathComponent)-\(number)", isDirectory: true)
    }
    try self.init(of: candidate, as: kind, madeHere: [candidate.path])
  }

  private init(of folder: URL, as kind: FolderKind, madeHere made: [String]) throws {
    descriptor = Mutex(try Self.openLocked(folder))
    self.folder = folder
    self.made = made
  }

  deinit { release() }

  /// Notes by which command the folder is begun, for whoever finds it later.
  ///
  /// - Throws: `UserError` where the disk refuses.
  package func note(_ beginning: RunBeginning) throws { try beginning.write(to: folder) }

  /// Whether a process has claimed a folder now.
  package static func isHeld(_ folder: URL) -> Bool {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return !FileLock.take(descriptor)
  }

  /// Gives the folder back. What was noted goes where nothing else was written, and a folder that was made for the claim
  /// and is still empty goes again.
  public func release() {
    descriptor.withLock { descriptor in
      guard let held = descriptor else { return }
      if (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) == [RunBeginning.file] {
        unlink(folder.appendingPathComponent(RunBeginning.file).path)
      }
      for path in made.reversed() where rmdir(path) != 0 { break }
      close(held)
      descriptor = nil
    }
  }

  // MARK: Steps of claiming

  private static func exists(_ folder: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Makes a folder with those that it lies in, and returns those that were made.
  private static func make(_ folder: URL) throws -> [String] {
    if exists(folder) { return [] }
    var missing = [folder.standardizedFileURL.path]
    while let last = missing.last, last != "/" {
      let parent = (last as NSString).deletingLastPathComponent
      if FileManager.default.fileExists(atPath: parent) { break }
      missing.append(parent)
    }
    var made: [String] = []
    for path in missing.reversed() {
      if mkdir(path, 0o777) == 0 {
        made.append(path)
      } else if errno != EEXIST || !exists(URL(fileURLWithPath: path, isDirectory: true)) {
        let error = failure(folder)
        for path in made.reversed() { rmdir(path) }
        throw error
      }
    }
    return made
  }

  private static func failure(_ folder: URL) -> UserError {
    let reason = String(cString: strerror(errno))
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), !isFolder.boolValue {
      return UserError("\(folder.path) is a file, and a folder is needed there; give another --output")
    }
    return UserError("cannot make the folder \(folder.path): \(reason)")
  }

  /// Opens and locks a folder.
  private static func openLocked(_ folder: URL) throws -> Int32 {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder) }
    // `isHeld` has the lock for a moment where it asks.
    var tries = 0
    while !FileLock.take(descriptor) {
      tries += 1
      if tries < 6 {
        usleep(10_000)
        continue
      }
      close(descriptor)
      throw UserError(
        "\(folder.path) is being written by another process; wait for that one to end, or give another --output")
    }
    return descriptor
  }

  /// Checks that the folder may be written for this, and cleans up what a killed process left.
  private static func prepare(_ folder: URL, _ kind: FolderKind, _ intent: Intent) throws {
    guard access(folder.path, W_OK | X_OK) == 0 else {
      throw UserError(
        "cannot write into \(folder.path): \(String(cString: strerror(errno))); give another --output")
    }
    let ending = "." + PartialFile.pathExtension
    var names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder.path) } catch {
      throw UserError("cannot read the folder \(folder.path): \(systemReason(of: error))")
    }
    let leftovers = names.filter { $0.hasSuffix(ending) && kind.owns(String($0.dropLast(ending.count))) }
    names.removeAll(where: leftovers.contains)
    let kinds = FolderKind.kinds(of: names)
    if let other = kinds.first(where: { $0 != kind }), !kinds.contains(kind) {
      throw UserError(
        "\(folder.path) holds \(other.contents(isFinished: other.isFinished(names))); give \(kind.newcomer) a folder of its own with --output"
      )
    }
    let isTaken = kinds.contains(kind)
    switch intent {
    case .begin:
      if isTaken {
        let isFinished = kind.isFinished(names)
        let goOn = kind == .dataset || !isFinished ? "go on with it by \(kind.flag), " : ""
        throw UserError(
          "\(folder.path) already holds \(kind.contents(isFinished: isFinished)); \(goOn)replace it by --overwrite, or give another --output"
        )
      }
      try requireEmpty(folder, names)
    case .beginOrGoOn: if !isTaken { try requireEmpty(folder, names) }
    case .goOn:
      guard isTaken else { throw UserError(kind.nothingToGoOnWith(in: folder)) }
    case .overwrite: break
    }
    let condemned = leftovers + (intent == .overwrite ? names.filter(kind.owns).sorted(by: marksFirst) : [])
    for name in condemned {
      do { try FileManager.default.removeItem(at: folder.appendingPathComponent(name)) } catch {
        throw UserError("cannot remove \(folder.path)/\(name): \(systemReason(of: error))")
      }
    }
  }

  private static func requireEmpty(_ folder: URL, _ names: [String]) throws {
    let isOurs = (try? RunBeginning(reading: folder)) != nil
    guard let other = names.filter({ $0 != RunBeginning.file || !isOurs }).sorted().first else { return }
    throw UserError(
      "\(folder.path) is not empty: it holds \(other); give a folder of its own with --output, or take this one by --overwrite, which leaves other files alone"
    )
  }

  /// What makes a folder count goes first, so that a stop in the middle leaves nothing that is read as whole.
  private static func marksFirst(_ a: String, _ b: String) -> Bool {
    let marks = [
      "MODEL-CARD.md", "config.json", "info.json", "summary.json", "sweep.json", "result.json", "comparison.json",
    ]
    return (marks.contains(a) ? 0 : 1, a) < (marks.contains(b) ? 0 : 1, b)
  }
}
