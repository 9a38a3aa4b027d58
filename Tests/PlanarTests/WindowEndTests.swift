// How a window's program ends: without a display, when the display is lost, in the middle of work, and with a driver that has
// nothing against it.

import Foundation
import PlanarProgramTesting
import PlanarWindowTesting
import Testing

@Suite(.serialized, .onOwnThreads, .enabled(if: PrivateDisplay.isPossible, "needs Xvfb"))
struct WindowEndTests {
  private let folder: TestFolder
  init() throws { folder = try TestFolder() }

  /// Runs the program on a display, does something once its window is there, and waits for its end.
  private func watch(
    _ arguments: [String], on display: PrivateDisplay, in folder: URL = projectFolder, after seconds: Double = 1.5,
    _ act: (PrivateDisplay) throws -> Void
  ) throws -> ProgramRun {
    try run(
      "planar", arguments, in: folder, hiding: ["WAYLAND_DISPLAY"], setting: ["DISPLAY": display.name]
    ) { process in
      let due = Date(timeIntervalSinceNow: 60)
      while process.isRunning, Date() < due, try !hasWindow(on: display) { Thread.sleep(forTimeInterval: 0.1) }
      Thread.sleep(forTimeInterval: seconds)
      try act(display)
    }
  }

  private func xdotool(_ words: [String], on display: PrivateDisplay) throws -> Bool {
    let tool = Process()
    tool.executableURL = URL(fileURLWithPath: ScriptedScreen.program ?? "/bin/false")
    tool.arguments = words
    tool.environment = ["DISPLAY": display.name]
    tool.standardOutput = FileHandle.nullDevice
    tool.standardError = FileHandle.nullDevice
    try tool.run()
    tool.waitUntilExit()
    return tool.terminationStatus == 0
  }

  private func hasWindow(on display: PrivateDisplay) throws -> Bool {
    try xdotool(["search", "--onlyvisible", "--name", "Planar"], on: display)
  }

  private static let hasHands = ScriptedScreen.program != nil

  private let lost = "Error: the display went away while the window was open; start again where there is one\n"

  @Test(.enabled(if: hasHands, "needs xdotool")) func aLostDisplayIsToldInOneSentence() throws {
    let end = try watch(["demo", "--environment", "reach", "--policies", "expert"], on: PrivateDisplay()) { $0.end() }
    #expect(end.status == 1 && end.errors == lost, "\(end.status): \(end.errors)")
  }

  /// While it is filmed, too; the film is there.
  @Test(.enabled(if: hasHands, "needs xdotool")) func aFilmIsKeptWhereTheDisplayIsLost() throws {
    let end = try watch(
      ["demo", "--environment", "reach", "--policies", "expert"], on: PrivateDisplay(), in: folder.root
    ) { display in
      let isPressed = try xdotool(["search", "--name", "Planar", "windowfocus", "key", "ctrl+shift+p"], on: display)
      #expect(isPressed)
      Thread.sleep(forTimeInterval: 2)
      display.end()
    }
    #expect(end.status == 1 && end.errors == lost, "\(end.status): \(end.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.root.path)
    #expect(names.count == 1 && !names[0].hasSuffix("partial"), "\(names)")
  }

  @Test(.enabled(if: hasHands, "needs xdotool")) func aRecordingIsClosedInOrderWhereTheDisplayIsLost() throws {
    let end = try watch(
      ["record", "--environment", "reach", "--from", "teleop", "--output", folder.path("data")], on: PrivateDisplay()
    ) { $0.end() }
    #expect(end.status == 1 && end.errors == lost, "\(end.status): \(end.errors)")
    #expect(end.output.contains("kept 0 episodes"))
  }

  @Test func aDisplayOfNowhereIsTold() throws {
    let end = try run(
      "planar", ["demo", "--environment", "reach"], hiding: ["WAYLAND_DISPLAY"], setting: ["DISPLAY": ":98765"])
    #expect(
      end.status == 1 && end.errors.hasPrefix("Error: cannot open a window: no display was found"), "\(end.errors)")
    #expect(end.errors.split(separator: "\n").count == 1)
  }

  @Test(.enabled(if: hasHands, "needs xdotool")) func aWindowClosesWhileAPolicyLearns() throws {
    let end = try watch(["demo", "--learn"], on: PrivateDisplay(), after: 3) { display in
      let isPressed = try xdotool(["search", "--name", "Planar", "windowfocus", "key", "ctrl+q"], on: display)
      #expect(isPressed)
    }
    #expect(end.status == 0 && end.errors.isEmpty, "\(end.status): \(end.errors)")
  }

  /// The whole tour, in a context that tells what the driver has against it.
  @Test func theTourMakesNoOpenGLError() throws {
    let display = try PrivateDisplay()
    let end = try run(
      "planar", ["bench", "window", "--tour", "--check-opengl", "--json"], hiding: ["WAYLAND_DISPLAY"],
      setting: ["DISPLAY": display.name])
    #expect(end.status == 0 && end.errors.isEmpty, "\(end.errors)")
    let results = try #require(try JSONSerialization.jsonObject(with: Data(end.output.utf8)) as? [String: Any])
    let values = try #require(results["results"] as? [[String: Any]]).reduce(into: [:]) { values, result in
      values[result["name"] as? String ?? ""] = result["value"] as? Double
    }
    #expect(values["acts"] == 6 && values["OpenGL errors"] == 0, "\(values)")
  }
}
