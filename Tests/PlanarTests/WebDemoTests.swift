// planar demo --web: the program serves the page, and a browser steers the session.

import Foundation
import PlanarProgramTesting
import Testing

/// The program with a page, until this object goes.
private final class WebDemo {
  let process = Process()
  let address: String
  let folder: TestFolder

  init(_ arguments: String...) throws {
    folder = try TestFolder()
    let output = folder.url("output")
    try Data().write(to: output)
    process.executableURL = Bundle.main.bundleURL.appendingPathComponent("planar")
    process.arguments = ["demo", "--web"] + arguments
    process.currentDirectoryURL = folder.root
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = process.standardOutput
    try process.run()
    var lines: [Substring] = []
    while process.isRunning, lines.count < 5 {
      Thread.sleep(forTimeInterval: 0.05)
      lines = try String(contentsOf: output, encoding: .utf8).split(separator: "\n")
    }
    try #require(lines.count >= 5, "\(lines)")
    address = lines[1].trimmingCharacters(in: .whitespaces)
    let port = try #require(port)
    #expect(lines[3].hasPrefix("  ssh -L \(port):127.0.0.1:\(port) "))
  }

  deinit { if process.isRunning { process.terminate() } }

  var port: Int? { URLComponents(string: address)?.port }

  func said() throws -> String { try String(contentsOf: folder.url("output"), encoding: .utf8) }
}

@Suite struct WebDemoTests {
  @Test(.enabled(if: Browser.program != nil, "\(Browser.reason)")) func aBrowserSteersTheSession() throws {
    let demo = try WebDemo(
      "--environment", "push", "--policies", "expert,random", "--seed", "5", "--randomization", "train")
    let browser = try OpenBrowser()
    try browser.open(demo.address)
    #expect(try browser.waits(until: "Number(document.body.dataset.frames) > 3"))
    #expect(try browser.evaluate("document.querySelector('h1').textContent") == "Planar")
    #expect(try browser.evaluate("notice.textContent") == "")
    #expect(try browser.evaluate("document.querySelector('.chosen').textContent.includes('expert')") == "true")
    let picture = try browser.evaluate("canvas.toDataURL()")

    // Space stops time, whatever is typed then is a command; the page suggests one that makes sense.
    try browser.press(" ", text: " ")
    #expect(try browser.waits(until: "byId('now').textContent.endsWith(', paused')"))
    let note = try browser.evaluate("document.querySelector('.message').textContent")
    let prefix = "You could say: "
    try #require(note.hasPrefix(prefix))
    let command = String(note.dropFirst(prefix.count))
    for _ in 0..<3 { try browser.press("+", text: "+") }
    #expect(try browser.waits(until: "byId('pace').textContent === '× 8'"))
    try browser.type(command)
    #expect(try browser.evaluate("field.input.value") == command)
    try browser.press("Enter")
    #expect(try browser.waits(until: "document.querySelector('.paragraph').textContent === \(quoted(command))"))
    #expect(try browser.waits(until: "document.querySelector('.message.good')?.textContent.startsWith('Done after ')"))
    #expect(try browser.evaluate("field.input.value") == "")
    #expect(try browser.evaluate("canvas.toDataURL()") != picture)

    // Back in time by the bar.
    let step = try browser.evaluate("bar.value")
    try browser.press("Home")
    #expect(try browser.waits(until: "bar.value === '0' && byId('now').textContent.endsWith(', in the past')"))
    #expect(try browser.evaluate("bar.value = 4, bar.dispatchEvent(new Event('input'))") == "true")
    #expect(try browser.waits(until: "byId('now').textContent.includes('step 4 of \(step)')"))

    // A command that makes no sense stays for mending, with the reason; also one that an input method composes.
    try browser.compose("보라색 원을 밀어")
    try browser.press("Enter")
    #expect(try browser.waits(until: "document.querySelector('.message.bad') !== null"))
    #expect(try browser.evaluate("field.input.value") == "보라색 원을 밀어")
    try browser.press("Escape")
    #expect(try browser.evaluate("field.input.value") == "")

    // Another policy, what it thinks, all keys, the camera's picture, a thing dragged.
    try browser.press("2", text: "2")
    #expect(try browser.waits(until: "document.querySelector('.chosen').textContent.includes('random')"))
    #expect(try browser.evaluate("document.querySelector('[role=switch]').click()") == "undefined")
    #expect(try browser.waits(until: "document.querySelector('[role=switch]').checked"))
    try browser.press("h", alt: true)
    #expect(try browser.waits(until: "card.open && card.textContent.includes('Alt-N')"))
    #expect(try browser.evaluate("/Ctrl-[^A]/.test(card.textContent)") == "false")
    try browser.press("Escape")
    #expect(try browser.waits(until: "!card.open"))
    try browser.press("i", alt: true)
    #expect(try browser.waits(until: "!byId('picture').hidden"))

    let folder = demo.folder.root.path
    try browser.press("p", alt: true)
    #expect(try browser.waits(until: "document.querySelector('.message').textContent.startsWith('Saved planar-')"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).contains { $0.hasSuffix(".png") })
    // The letter on an object says where it is; a hand is drawn over what it holds.
    let place = try browser.evaluate(
      """
      (() => {
        const [x, y] = items.find((item) => /^t .* [A-Z]$/.test(item)).split(" ")[1].split(",").map(Number);
        const box = canvas.getBoundingClientRect(), [left, bottom, width, height] = scene.bounds;
        return [box.left + (x / 10 - left) / width * box.width, box.bottom - (y / 10 - bottom) / height * box.height];
      })()
      """
    ).split(separator: ",").compactMap { Double($0) }
    try #require(place.count == 2)
    let count = try browser.evaluate("items.length")
    try browser.mouse("mousePressed", x: place[0], y: place[1])
    try browser.mouse("mouseMoved", x: place[0] + 30, y: place[1])
    #expect(try browser.waits(until: "items.length === \(count) + 2"))
    try browser.mouse("mouseReleased", x: place[0] + 30, y: place[1])
    #expect(try browser.waits(until: "items.length === \(count)"))

    // A page that is opened again shows the same.
    let text = try browser.evaluate("document.querySelector('main').innerText")
    try browser.open(demo.address)
    #expect(try browser.waits(until: "document.querySelector('main')?.innerText === \(quoted(text))"))
    #expect(browser.faults.isEmpty, "\(browser.faults)")

    // Its end is told.
    demo.process.interrupt()
    #expect(try browser.waits(until: "notice.textContent.startsWith('The session is over. ')"))
    demo.process.waitUntilExit()
    #expect(demo.process.terminationStatus == 130)
    #expect(browser.faults.isEmpty, "\(browser.faults)")
  }

  @Test(.enabled(if: Browser.program != nil, "\(Browser.reason)")) func aBrowserWithoutTheTokenSeesOneSentence() throws
  {
    let demo = try WebDemo("--environment", "reach", "--policies", "expert")
    let browser = try OpenBrowser()
    try browser.open("http://127.0.0.1:\(try #require(demo.port))/?token=0123456789abcdef0123456789abcdef")
    #expect(
      try browser.waits(
        until:
          "document.body?.innerText.trim() === 'Open the whole address that planar has printed; its token is missing here, or wrong.'"
      ))
  }

  @Test func anInterruptEndsItCleanly() throws {
    let demo = try WebDemo("--environment", "reach", "--policies", "expert")
    demo.process.interrupt()
    demo.process.waitUntilExit()
    #expect(demo.process.terminationReason == .exit && demo.process.terminationStatus == 130)
  }

  @Test func whatMakesNoSenseWithAPageIsRefused() throws {
    for arguments in [["--headless"], ["--film", "a.png"], ["--frames", "a"]] {
      let name = arguments[0]
      let refused = try run("planar", ["demo", "--web"] + arguments)
      #expect(
        refused.errors
          == "Error: --web shows the session in a browser, and \(name) runs it without a person; leave one of them out\n"
      )
      #expect(refused.status == 1)
    }
    #expect(
      try run("planar", ["demo", "--port", "9000"]).errors
        == "Error: --port is the port of --web; add --web, or leave --port out\n")
    let demo = try WebDemo("--environment", "reach", "--policies", "expert")
    let port = try #require(demo.port)
    let refused = try run(
      "planar", ["demo", "--web", "--port", "\(port)", "--environment", "reach", "--policies", "expert"])
    #expect(
      refused.errors
        == "Error: port \(port) is in use by another program; choose another one, or none to take one that is free\n")
    #expect(refused.status == 1 && refused.output.isEmpty)
  }

  @Test func withoutADisplayTheTextSaysThatThereIsAPage() throws {
    let text = try run(
      "planar", ["demo", "--environment", "reach", "--policies", "expert", "--episodes", "1"],
      hiding: ["DISPLAY", "WAYLAND_DISPLAY"])
    #expect(
      text.output.hasPrefix(
        "No display, so the demo runs as text (planar demo --headless); planar demo --web shows it in a browser.\n"))
  }
}

/// A text as a script has it.
private func quoted(_ text: String) -> String {
  let data = (try? JSONSerialization.data(withJSONObject: [text])) ?? Data()
  return String(decoding: data, as: UTF8.self) + "[0]"
}
