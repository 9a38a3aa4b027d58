// A display for window tests: the present one, or a virtual one started for this process.

import Foundation

/// A display for tests of windows: the present one, or a virtual one (Xvfb) started for this process.
public enum VirtualDisplay {
  private static let xvfb = "/usr/bin/Xvfb"
  /// GLFW may be used by one thread at a time; tests of different suites run side by side.
  private static let lock = NSLock()

  /// Whether a window can be tested here at all.
  public static var isPossible: Bool {
    ProcessInfo.processInfo.environment["DISPLAY"] != nil
      || FileManager.default.isExecutableFile(atPath: xvfb)
  }

  /// Runs `body` with a display, alone.
  ///
  /// - Throws: what `body` throws, or that the virtual display did not start.
  public static func use<Result>(_ body: () throws -> Result) throws -> Result {
    lock.lock()
    defer { lock.unlock() }
    guard isReady else { throw CocoaError(.executableLoad) }
    return try body()
  }

  /// Sets DISPLAY. A virtual display ends with its last client, that is, with this process.
  private static let isReady: Bool = {
    if ProcessInfo.processInfo.environment["DISPLAY"] != nil { return true }
    let server = Process()
    server.executableURL = URL(fileURLWithPath: xvfb)
    server.arguments = ["-displayfd", "1", "-terminate", "-screen", "0", "1280x800x24"]
    let output = Pipe()
    server.standardOutput = output
    server.standardError = FileHandle.nullDevice
    guard (try? server.run()) != nil else { return false }
    // The server writes its number when it accepts clients.
    let number = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    guard !number.isEmpty else { return false }
    setenv("DISPLAY", ":" + number, 1)
    return true
  }()
}
