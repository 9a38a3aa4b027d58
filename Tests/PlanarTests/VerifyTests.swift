// planar verify: its table, its JSON and its exit codes.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct VerifyTests {
  private let reference = projectFolder.appendingPathComponent(
    "Tests/VerificationTests/Resources/physics")

  /// A folder with one reference file, in which `from` is replaced by `to`.
  private func folder(_ file: String, replacing from: String = "", by to: String = "") throws
    -> TestFolder
  {
    let folder = try TestFolder()
    let text = try String(contentsOf: reference.appendingPathComponent(file), encoding: .utf8)
    if !from.isEmpty { #expect(text.contains(from)) }
    try text.replacingOccurrences(of: from, with: to)
      .write(to: folder.url(file), atomically: true, encoding: .utf8)
    return folder
  }

  @Test func casesThatPass() throws {
    let folder = try folder("pusht_constants.json")
    let run = try planar("verify", "physics", "--cases", folder.path("."))
    #expect(run.status == 0)
    #expect(run.output.contains("pusht_constants/k_p: value, relative"))
    #expect(run.output.contains("absent: pendulum.json"))
    #expect(run.output.hasSuffix("passed, 0 failed, 0 skipped\n"))
  }

  @Test func casesThatFail() throws {
    let folder = try folder("pusht_constants.json", replacing: "\"k_p\": 100", by: "\"k_p\": 101")
    let run = try planar("verify", "physics", "--cases", folder.path("."), "--json")
    #expect(run.status == 1)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(object["failed"] as? Int == 1 && object["skipped"] as? Int == 0)
    let cases = try #require(object["cases"] as? [[String: Any]])
    let failed = cases.filter { $0["passed"] as? Bool == false }
    #expect(failed.count == 1 && failed.first?["name"] as? String == "pusht_constants/k_p")
  }

  @Test func foldersThatCannotBeUsed() throws {
    let run = try planar("verify", "physics", "--cases", "/nowhere")
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(
      run.errors
        == "Error: there are no reference cases in '/nowhere'; expected a folder with files such as pendulum.json, as make_physics.py writes them\n"
    )
  }

  @Test func networks() throws {
    let reference = projectFolder.appendingPathComponent("Tests/VerificationTests/Resources/nn").path
    let networks = try planar("verify", "nn", "--cases", reference)
    #expect(networks.status == 0)
    for line in ["ops/linear: out", "ops/mha_cross: grad.wk", "models/act/gradients: grad.queries"] {
      #expect(networks.output.contains(line))
    }
    #expect(networks.output.hasSuffix("passed, 0 failed, 0 skipped\n"))
    let schedulers = try planar("verify", "schedulers", "--cases", reference, "--brief")
    #expect(schedulers.status == 0)
    #expect(schedulers.output.split(separator: "\n").count == 15)
    #expect(schedulers.output.hasSuffix("12 cases: 12 passed, 0 failed, 0 skipped\n"))
  }

  @Test func networksThatFailOrCannotBeRead() throws {
    let source = projectFolder.appendingPathComponent("Tests/VerificationTests/Resources/nn")
    let folder = try TestFolder()
    for name in try FileManager.default.contentsOfDirectory(atPath: source.path) {
      try FileManager.default.copyItem(
        at: source.appendingPathComponent(name), to: folder.url(name))
    }
    let file = folder.url("ops.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    try text.replacingOccurrences(of: "\"kind\": \"silu\"", with: "\"kind\": \"mish\"")
      .write(to: file, atomically: true, encoding: .utf8)
    let failing = try planar("verify", "nn", "--cases", folder.path("."), "--json")
    #expect(failing.status == 1)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(failing.output.utf8)) as? [String: Any])
    let cases = try #require(object["cases"] as? [[String: Any]])
    let failed = cases.filter { $0["passed"] as? Bool == false }.compactMap { $0["name"] as? String }
    #expect(failed == ["ops/silu", "ops/silu_wide"])
    try FileManager.default.removeItem(at: file)
    let missing = try planar("verify", "nn", "--cases", folder.path("."))
    #expect(missing.status == 1 && missing.output.isEmpty)
    #expect(missing.errors.contains("ops.json"))
  }
}
