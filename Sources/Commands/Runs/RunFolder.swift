// A folder of results as a list of many shows it.

import Foundation
import PlanarCore

/// One run: what it is, what came of it, and what can be done with it.
struct RunFolder: Encodable {
  /// How far a run is.
  enum State: String, Encodable {
    case finished
    /// Stopped on the way.
    case resumable
    /// A process works on it now.
    case running
    /// Its files cannot be read, or do not say what they should.
    case unreadable
  }

  /// The folder's path.
  var folder: String
  /// Such as `evaluation` or `checkpoint`.
  var kind: String
  /// When something was last written there.
  var date: Date
  /// What all its files take.
  var bytes: Int
  /// What came of it, with its n; why it cannot be read, where it cannot.
  var headline: String
  var state: State
  /// What opens it, or goes on with it; nil where nothing is known.
  var command: String?

  /// All runs in a folder or below it, newest first; folders within a run are a part of it.
  ///
  /// - Throws: `UserError` where the folder itself cannot be read.
  static func all(below folder: URL) throws -> [RunFolder] {
    let names = try contents(of: folder)
    // All experiments together are a folder of runs; whoever asks for it asks for these.
    let isRun = !FolderKind.kinds(of: names.files).isEmpty && !names.files.contains(ExperimentGroup.file)
    return (isRun ? [RunFolder(folder, names.files)] : runs(in: folder, names.folders))
      .sorted { ($1.date, $0.folder) < ($0.date, $1.folder) }
  }

  private static func runs(in folder: URL, _ names: [String]) -> [RunFolder] {
    names.filter { !$0.hasPrefix(".") }.flatMap { name -> [RunFolder] in
      let url = folder.appendingPathComponent(name, isDirectory: true)
      do {
        let names = try contents(of: url)
        guard FolderKind.kinds(of: names.files).isEmpty else { return [RunFolder(url, names.files)] }
        return runs(in: url, names.folders)
      } catch {
        return [RunFolder(unreadable: url, because: error)]
      }
    }
  }

  private static func contents(of folder: URL) throws -> (files: [String], folders: [String]) {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder.path) } catch {
      throw UserError("cannot read the folder \(folder.relativePath): \(systemReason(of: error))")
    }
    let isFolder = Dictionary(
      uniqueKeysWithValues: names.map { name in
        let values = try? folder.appendingPathComponent(name).resourceValues(forKeys: [.isDirectoryKey])
        return (name, values?.isDirectory ?? false)
      })
    return (names.filter { !isFolder[$0]! }, names.filter { isFolder[$0]! })
  }

  private init(_ folder: URL, _ files: [String]) {
    let content = RunContent(folder: folder, kind: FolderKind.kinds(of: files)[0], files: files)
    self.init(folder, kind: content.name)
    do {
      headline = try content.headline
      state = FolderClaim.isHeld(folder) ? .running : content.isFinished ? .finished : .resumable
      command = state == .running ? nil : try content.command
    } catch {
      (headline, state) = (Self.reason(error), .unreadable)
    }
  }

  private init(unreadable folder: URL, because error: any Error) {
    self.init(folder, kind: "folder")
    headline = Self.reason(error)
  }

  private init(_ folder: URL, kind: String) {
    self.folder = folder.relativePath
    self.kind = kind
    (headline, state) = ("", .unreadable)
    (bytes, date) = (0, .distantPast)
    let keys: Set<URLResourceKey> = [.fileSizeKey, .isRegularFileKey, .contentModificationDateKey]
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: Array(keys))
    while let url = files?.nextObject() as? URL {
      guard let values = try? url.resourceValues(forKeys: keys), values.isRegularFile == true else { continue }
      bytes += values.fileSize ?? 0
      date = max(date, values.contentModificationDate ?? .distantPast)
    }
  }

  private static func reason(_ error: any Error) -> String { (error as? UserError)?.message ?? systemReason(of: error) }
}
