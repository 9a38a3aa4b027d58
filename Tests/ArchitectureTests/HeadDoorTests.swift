// A head is one folder: nothing outside of it knows its types or its name, but for the lines of the registry.

import Foundation
import Testing

/// Where a head may be named: the registry; the checks of PyTorch's, diffusers' and flow matching's reference numbers, each
/// of which is about one family; and experiments, whose claims are about families.
private let exempt = ["Policies/Heads/HeadRegistry.swift", "Verification/Neural/", "Experiments/"]

/// How a head's folder says its name.
private var headName: Regex<(Substring, Substring)> { /static let name = "([\w-]+)"/ }

@Test func noHeadIsNamedOutsideOfItsFolder() throws {
  let all = try DoorNames.all(under: sources.appendingPathComponent("Policies/Heads"), key: headName)
  #expect(all.count >= 6)
  for (folder, names) in all {
    #expect(!names.types.isEmpty && !names.keys.isEmpty, "Heads/\(folder) has no head")
  }
  for file in swiftFiles(under: sources) {
    let path = path(of: file)
    guard !exempt.contains(where: path.hasPrefix) else { continue }
    let text = code(of: try String(contentsOf: file, encoding: .utf8))
    for (folder, names) in all where !path.hasPrefix("Policies/Heads/\(folder)/") {
      let found = names.found(in: text).sorted()
      #expect(found.isEmpty, "\(path) names \(found.joined(separator: ", ")) of the head in Heads/\(folder)")
    }
  }
}
