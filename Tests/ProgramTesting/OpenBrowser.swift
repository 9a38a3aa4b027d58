// A browser that stays open: pages live in real time, and get keys as from a keyboard.

import Foundation

/// A Chromium without a window, steered through its debugging protocol.
public final class OpenBrowser {
  private let process = Process()
  private let folder: TestFolder
  private let socket: WebSocketClient
  private var session: String?
  private var number = 0
  /// What pages said was wrong: exceptions, messages of the console, requests that failed.
  public private(set) var faults: [String] = []

  /// Starts the browser with an empty page.
  ///
  /// - Throws: where it cannot be started.
  public init(width: Int = 1240, height: Int = 780) throws {
    folder = try TestFolder()
    process.executableURL = Browser.program
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--window-size=\(width),\(height)",
      "--user-data-dir=\(folder.path("profile"))", "--remote-debugging-port=0", "about:blank",
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    // Two lines: the port, and the path of its WebSocket.
    let file = folder.url("profile/DevToolsActivePort")
    var lines: [Substring] = []
    let due = Date().addingTimeInterval(60)
    while lines.count < 2, Date() < due {
      Thread.sleep(forTimeInterval: 0.05)
      lines = ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n")
    }
    guard lines.count == 2, let port = Int(lines[0]) else {
      process.terminate()
      throw WebSocketClient.Failure("the browser does not say where to reach it")
    }
    socket = try WebSocketClient(port: port, path: String(lines[1]))
    let targets = try ask("Target.getTargets")["targetInfos"] as? [[String: Any]] ?? []
    let page = targets.first { $0["type"] as? String == "page" }?["targetId"] as? String
    session = try ask("Target.attachToTarget", ["targetId": page ?? "", "flatten": true])["sessionId"] as? String
    for domain in ["Page", "Runtime", "Log"] { try ask(domain + ".enable") }
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
  }

  /// Goes to an address.
  ///
  /// - Throws: where the browser does not answer.
  public func open(_ address: String) throws { try ask("Page.navigate", ["url": address]) }

  /// What a script comes to in the page, as text.
  ///
  /// - Throws: where the browser does not answer, or the script throws.
  public func evaluate(_ script: String) throws -> String {
    let answer = try ask(
      "Runtime.evaluate",
      ["expression": "(async () => String((\(script))))()", "awaitPromise": true, "returnByValue": true])
    if let details = answer["exceptionDetails"] { throw WebSocketClient.Failure("\(script): \(details)") }
    return (answer["result"] as? [String: Any])?["value"] as? String ?? ""
  }

  /// Waits until a script is true in the page, looking at it again and again.
  ///
  /// - Returns: whether it came to be so before the test's patience ended.
  /// - Throws: where the browser does not answer.
  public func waits(until script: String, patience: Double = 60) throws -> Bool {
    let due = Date().addingTimeInterval(patience)
    while Date() < due, !Task.isCancelled {
      if (try? evaluate(script)) == "true" { return true }
      Thread.sleep(forTimeInterval: 0.05)
    }
    return false
  }

  /// Types a text as a keyboard does: a key down and up for every letter.
  ///
  /// - Throws: where the browser does not answer.
  public func type(_ text: String) throws {
    for character in text { try press(String(character), text: String(character)) }
  }

  /// Puts a text in as an input method does that composes letters.
  ///
  /// - Throws: where the browser does not answer.
  public func compose(_ text: String) throws {
    try ask(
      "Input.imeSetComposition", ["text": text, "selectionStart": text.utf16.count, "selectionEnd": text.utf16.count])
    try ask("Input.insertText", ["text": text])
  }

  /// Presses a key and lets it go.
  ///
  /// - Parameters:
  ///   - key: as pages are told, such as `Enter`, `a` or a space.
  ///   - text: what it types, if anything.
  ///   - alt: whether Alt is held.
  /// - Throws: where the browser does not answer.
  public func press(_ key: String, text: String = "", alt: Bool = false) throws {
    let codes = ["Enter": 13, "Escape": 27, " ": 32, "ArrowLeft": 37, "ArrowRight": 39, "Tab": 9]
    var fields: [String: Any] = [
      "key": key, "modifiers": alt ? 1 : 0,
      "windowsVirtualKeyCode": codes[key] ?? Int(key.uppercased().unicodeScalars.first!.value),
    ]
    if key.count == 1, key.first!.isLetter, key.first!.isASCII { fields["code"] = "Key" + key.uppercased() }
    let typed = key == "Enter" ? "\r" : text
    try ask("Input.dispatchKeyEvent", fields.merging(["type": "keyDown", "text": typed]) { $1 })
    try ask("Input.dispatchKeyEvent", fields.merging(["type": "keyUp"]) { $1 })
  }

  /// Moves the mouse, or presses or lets go of its left button; in pixels of the page.
  ///
  /// - Parameter type: `mouseMoved`, `mousePressed` or `mouseReleased`.
  /// - Throws: where the browser does not answer.
  public func mouse(_ type: String, x: Double, y: Double) throws {
    try ask(
      "Input.dispatchMouseEvent",
      ["type": type, "x": x, "y": y, "button": "left", "buttons": type == "mouseReleased" ? 0 : 1, "clickCount": 1])
  }

  @discardableResult
  private func ask(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
    number += 1
    var request: [String: Any] = ["id": number, "method": method, "params": parameters]
    if let session { request["sessionId"] = session }
    socket.send(String(decoding: try JSONSerialization.data(withJSONObject: request), as: UTF8.self))
    while true {
      guard case .text(let text) = try socket.next(),
        let answer = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      else { throw WebSocketClient.Failure("the browser is gone") }
      if answer["id"] as? Int == number {
        if let error = answer["error"] { throw WebSocketClient.Failure("\(method): \(error)") }
        return answer["result"] as? [String: Any] ?? [:]
      }
      let event = answer["method"] as? String ?? ""
      if ["Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"].contains(event) {
        faults.append("\(event): \(answer["params"] ?? "")")
      }
    }
  }
}
