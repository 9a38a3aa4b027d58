// A display for window tests: the present one, or a virtual one started for this process.

import Foundation
import PlanarViewer

/// A display for tests of windows: the present one, or a virtual one (Xvfb) started for this process.
public enum VirtualDisplay {
  fileprivate static let xvfb = "/usr/bin/Xvfb"
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

  /// Runs `body` with a display on which a point is so many pixels, alone.
  ///
  /// - Throws: what `body` throws, or that the display could not be told.
  public static func use<Result>(scale: Int, _ body: () throws -> Result) throws -> Result {
    try use {
      try tell(dotsPerInch: 96 * scale, to: ProcessInfo.processInfo.environment["DISPLAY"] ?? "")
      ViewerWindow.forgetDisplay()
      defer {
        try? tell(dotsPerInch: 96, to: ProcessInfo.processInfo.environment["DISPLAY"] ?? "")
        ViewerWindow.forgetDisplay()
      }
      return try body()
    }
  }

  /// Tells a display what desktops tell it of how dense its pixels are.
  fileprivate static func tell(dotsPerInch: Int, to display: String) throws {
    let tool = Process()
    tool.executableURL = URL(fileURLWithPath: "/usr/bin/xprop")
    tool.arguments = [
      "-root", "-display", display, "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER",
      "Xft.dpi:\t\(dotsPerInch)\n",
    ]
    try tool.run()
    tool.waitUntilExit()
    guard tool.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
  }

  /// Whether a display can be told so.
  public static var canScale: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/xprop") }

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
    // A client that stays for as long as this process does, whatever becomes of its windows.
    if let library = dlopen("libX11.so.6", RTLD_LAZY), let open = dlsym(library, "XOpenDisplay") {
      _ = unsafeBitCast(open, to: (@convention(c) (UnsafePointer<CChar>?) -> OpaquePointer?).self)(nil)
    }
    return true
  }()
}

/// A virtual display of its own, for a program that is watched from outside; it ends with its owner, or when a test ends it.
public final class PrivateDisplay {
  /// What DISPLAY is, such as `:7`.
  public let name: String
  private let server = Process()

  /// Whether there can be one here.
  public static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: VirtualDisplay.xvfb) }

  /// - Throws: where it does not start.
  public init(width: Int = 1280, height: Int = 800) throws {
    server.executableURL = URL(fileURLWithPath: VirtualDisplay.xvfb)
    server.arguments = ["-displayfd", "1", "-noreset", "-screen", "0", "\(width)x\(height)x24"]
    let output = Pipe()
    server.standardOutput = output
    server.standardError = FileHandle.nullDevice
    try server.run()
    let number = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    guard !number.isEmpty else { throw CocoaError(.executableLoad) }
    name = ":" + number
  }

  deinit { end() }

  /// Ends it under whoever shows something on it.
  public func end() {
    guard server.isRunning else { return }
    kill(server.processIdentifier, SIGKILL)
    server.waitUntilExit()
  }
}
