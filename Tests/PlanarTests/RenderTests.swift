// planar render: one episode in the form that the file's name says.

import Foundation
import PlanarProgramTesting
import Testing

private let hasFFmpeg = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
  FileManager.default.isExecutableFile(atPath: "\($0)/ffmpeg")
}

@Suite struct RenderTests {
  private let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private func render(_ name: String, _ rest: [String] = [], hiding: Set<String> = ["DISPLAY"]) throws -> ProgramRun {
    try run(
      "planar", ["render", "--environment", "reach", "--policy", "expert", "--output", folder.path(name)] + rest,
      hiding: hiding)
  }

  @Test func theEndingSaysWhatIsMade() throws {
    let picture = try render("a.png")
    #expect(picture.status == 0, "\(picture.errors)")
    #expect(picture.output.contains("expert: Done after") && picture.output.hasSuffix("a.png\n"))
    let data = try Data(contentsOf: folder.url("a.png"))
    #expect(data.prefix(4) == Data([0x89, 0x50, 0x4e, 0x47]) && data.range(of: Data("acTL".utf8)) == nil)
    let page = try render("a.html", ["--policy", "random", "--seed", "7"])
    #expect(page.status == 0, "\(page.errors)")
    let html = try String(contentsOf: folder.url("a.html"), encoding: .utf8)
    #expect(html.components(separatedBy: "<canvas").count == 3 && html.contains("seed 7."))
    guard hasFFmpeg else { return }
    for (name, mark) in [("a.gif", "GIF89a"), ("a.mp4", "ftyp")] {
      let made = try render(name)
      #expect(made.status == 0, "\(made.errors)")
      #expect(try Data(contentsOf: folder.url(name)).prefix(80).range(of: Data(mark.utf8)) != nil, "\(name)")
    }
  }

  /// The same options, the same bytes; another seed, others.
  @Test func theSeedDecides() throws {
    for (name, seed) in [("a.png", "3"), ("b.png", "3"), ("c.png", "4")] {
      #expect(try render(name, ["--seed", seed, "--width", "120"]).status == 0)
    }
    let bytes = try ["a.png", "b.png", "c.png"].map { try Data(contentsOf: folder.url($0)) }
    #expect(bytes[0] == bytes[1] && bytes[0] != bytes[2])
  }

  @Test func whatIsThereStays() throws {
    try Data("mine".utf8).write(to: folder.url("a.png"))
    let refused = try render("a.png")
    #expect(refused.status == 1 && refused.errors.contains("a.png is there already; give --overwrite"))
    #expect(try Data(contentsOf: folder.url("a.png")) == Data("mine".utf8))
    #expect(try render("a.png", ["--overwrite"]).status == 0)
    #expect(try Data(contentsOf: folder.url("a.png")) != Data("mine".utf8))
  }

  @Test(arguments: [
    ("a.jpg", [], "ends in .png, .gif, .mp4 or .html"),
    ("a.html", ["--show", "ghost"], "--show is not in pages"),
    ("a.png", ["--policy", "random", "--policy", "planner", "--policy", "expert", "--policy", "random"], "5 times"),
  ]) func mistakesAreTold(name: String, rest: [String], words: String) throws {
    let refused = try render(name, rest)
    #expect(refused.status == 1 && refused.errors.contains(words), "\(refused.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.root.path).isEmpty)
  }
}
