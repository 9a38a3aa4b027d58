// The map of targets and arrows is a contract: this reads every source's imports and compares.

import Foundation
import Testing

private let openModules: Set<String> = ["Foundation", "Dispatch", "Synchronization", "Glibc"]

private func allowedImports() throws -> [String: Set<String>] {
  let url = try #require(
    Bundle.module.url(forResource: "arrows", withExtension: "txt", subdirectory: "Resources"))
  var allowed: [String: Set<String>] = [:]
  for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
  where !line.hasPrefix("#") {
    let halves = line.split(separator: ":", maxSplits: 1)
    allowed[String(halves[0])] = Set(
      halves.dropFirst().joined().split { $0 == " " || $0 == "|" }.map(String.init))
  }
  return allowed
}

/// Every import of a folder's sources, as (file, module).
private func imports(under folder: URL) throws -> [(String, String)] {
  let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
  var found: [(String, String)] = []
  while let url = files?.nextObject() as? URL {
    guard url.pathExtension == "swift" else { continue }
    for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ").filter { !$0.hasPrefix("@") && $0 != "public" }
      guard words.first == "import",
        let module = words.dropFirst().first(where: { !["struct", "func", "class", "enum", "protocol"].contains($0) })
      else { continue }
      found.append((url.lastPathComponent, String(module.split(separator: ".")[0])))
    }
  }
  return found
}

@Test func everyImportFollowsAnArrowAndEveryArrowIsFollowed() throws {
  let allowed = try allowedImports()
  let targets = try FileManager.default.contentsOfDirectory(atPath: sources.path)
    .filter { !$0.hasPrefix("CPlanar") }
  #expect(Set(targets) == Set(allowed.keys))
  for target in targets {
    let known = try #require(allowed[target])
    let imports = try imports(under: sources.appendingPathComponent(target))
    let unused = known.subtracting(imports.map(\.1)).sorted()
    #expect(unused.isEmpty, "no file of \(target) imports \(unused.joined(separator: ", ")), as an arrow allows")
    for (file, module) in imports {
      #expect(
        known.contains(module) || openModules.contains(module),
        "\(target)/\(file) imports \(module), which no arrow of arrows.txt allows")
    }
  }
}

@Test func arrowsPointOneWay() throws {
  let allowed = Dictionary(
    uniqueKeysWithValues: try allowedImports().map { ($0.hasPrefix("Planar") ? $0 : "Planar" + $0, $1) })
  var settled: Set<String> = []
  while settled.count < allowed.count {
    let ready = allowed.filter { target, needs in
      !settled.contains(target) && needs.filter { allowed[$0] != nil }.allSatisfy(settled.contains)
    }
    try #require(!ready.isEmpty, "the arrows form a circle")
    settled.formUnion(ready.keys)
  }
}

/// What a module may import of Planar's own must stand in the manifest: a build finds undeclared modules by chance, in
/// whatever order it compiles. Beyond that it names only modules that the imports lead to, for the sake of layouts.
@Test func theManifestNamesEveryArrowAndNothingOutOfReach() throws {
  let url = sources.deletingLastPathComponent().appendingPathComponent("Package.swift")
  let manifest = try String(contentsOf: url, encoding: .utf8)
  let names = /"(\w+)"/
  func module(_ folder: Substring) -> String { folder.contains("Planar") ? String(folder) : "Planar" + folder }
  var declared: [String: Set<String>] = [:]
  for match in manifest.matches(of: /module\(\s*"(\w+)",\s*\[([^\]]*)\]/) {
    declared[String(match.output.1)] = Set(match.output.2.matches(of: names).map { module($0.output.1) })
  }
  #expect(declared.count >= 18)
  let arrows = Dictionary(uniqueKeysWithValues: try allowedImports().map { (module(Substring($0)), $1) })
  func reached(from target: String) -> Set<String> {
    var reached: Set<String> = []
    var waiting = Array(arrows[target] ?? [])
    while let next = waiting.popLast() {
      if reached.insert(next).inserted { waiting += Array(arrows[next] ?? []) }
    }
    return reached
  }
  for (folder, known) in declared {
    let target = module(Substring(folder))
    let needs = try #require(arrows[target])
    let missing = needs.filter { $0.contains("Planar") }.subtracting(known).sorted()
    #expect(missing.isEmpty, "\(target) imports \(missing.joined(separator: ", ")), which Package.swift does not name")
    let unused = known.subtracting(reached(from: target)).sorted()
    #expect(unused.isEmpty, "\(target) reaches nothing of \(unused.joined(separator: ", ")), which Package.swift names")
  }
}
