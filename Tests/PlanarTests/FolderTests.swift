// Where the program finds its files: anywhere, and the user's own first.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct FolderTests {
  private func copyPush(to folder: URL, named name: String, changing change: (String) -> String = { $0 }) throws {
    let target = folder.appendingPathComponent("Environments/\(name)")
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
    for file in ["environment.yaml", "commands.yaml"] {
      let source = projectFolder.appendingPathComponent("Environments/push/\(file)")
      let text = change(try String(contentsOf: source, encoding: .utf8))
      try Data(text.utf8).write(to: target.appendingPathComponent(file))
    }
  }

  /// The package's environments, robots, levels and policies are there in a folder that has nothing.
  @Test func everythingIsFoundFromAnywhere() throws {
    let elsewhere = try TestFolder()
    let list = try run("planar", ["environment", "list"], in: elsewhere.root)
    #expect(list.status == 0 && list.output.contains("push-crowd") && list.output.contains("trace"), "\(list.errors)")
    let evaluated = try run(
      "planar",
      ["eval", "--policy", "push-flow", "--episodes", "2", "--output", elsewhere.path("a")], in: elsewhere.root)
    #expect(evaluated.status == 0, "\(evaluated.errors)")
    let path = try run(
      "planar",
      ["eval", "--policy", "Assets/checkpoints/push-flow", "--episodes", "2", "--output", elsewhere.path("b")],
      in: elsewhere.root)
    #expect(path.status == 0 && !path.errors.contains("in place of"), "\(path.errors)")
  }

  /// A folder of the user's own adds its environments to the package's, and stands in for one of the same name: that is
  /// said, in a line.
  @Test func aFolderOfOnesOwnComesFirstByName() throws {
    let own = try TestFolder()
    try copyPush(to: own.root, named: "mine") { $0.replacing("name: push\n", with: "name: mine\n") }
    let list = try run("planar", ["environment", "list"], in: own.root)
    #expect(list.output.contains("mine") && list.output.contains("trace"))
    let eval = ["eval", "--policy", "expert", "--episodes", "2"]
    let mine = try run("planar", eval + ["--environment", "mine", "--output", own.path("a")], in: own.root)
    #expect(
      mine.status == 0 && !mine.errors.contains("in place of") && mine.output.contains(" in mine "), "\(mine.errors)")

    // The same files: nothing to say. Others: said.
    try copyPush(to: own.root, named: "push")
    let same = try run("planar", eval + ["--output", own.path("b")], in: own.root)
    #expect(same.status == 0 && !same.errors.contains("in place of"), "\(same.errors)")
    try copyPush(to: own.root, named: "push") { $0.replacing("time_limit: ", with: "time_limit: 1") }
    let other = try run("planar", eval + ["--output", own.path("c")], in: own.root)
    #expect(
      other.errors.hasPrefix("Using Environments/push in place of the environment 'push' that comes with Planar\n"),
      "\(other.errors)")
  }

  /// As `make install` puts it: the program in bin, the files in share/planar.
  @Test func anInstalledProgramFindsItsFiles() throws {
    let prefix = try TestFolder()
    let files = FileManager.default
    for folder in ["bin", "share/planar/Environments"] {
      try files.createDirectory(at: prefix.url(folder), withIntermediateDirectories: true)
    }
    try files.copyItem(
      at: Bundle.main.bundleURL.appendingPathComponent("planar"), to: prefix.url("bin/planar"))
    for name in ["push", "robots", "randomization.yaml"] {
      try files.copyItem(
        at: projectFolder.appendingPathComponent("Environments/\(name)"),
        to: prefix.url("share/planar/Environments/\(name)"))
    }
    let elsewhere = try TestFolder()
    let list = try run(prefix.url("bin/planar"), ["environment", "list"], in: elsewhere.root)
    #expect(list.status == 0 && list.output.contains("push") && !list.output.contains("trace"), "\(list.errors)")
    let shown = try run(prefix.url("bin/planar"), ["environment", "show", "push"], in: elsewhere.root)
    #expect(shown.status == 0, "\(shown.errors)")
  }
}
