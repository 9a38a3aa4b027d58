// A browser without a window: opens a page, lets a script look at it, and hands back what the page has become.

import Foundation

/// Chromium, where it is there.
public enum Browser {
  /// The program; nil where there is none.
  public static let program: URL? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let names = ["chromium", "chromium-browser", "google-chrome"]
    return names.flatMap { name in folders.map { URL(fileURLWithPath: "\($0)/\(name)") } }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }()

  /// Why tests of pages are skipped.
  public static let reason = "chromium, chromium-browser or google-chrome is not on the PATH"

  /// What every player of a page says after its slider was moved to the middle: whether the canvas and the time changed.
  public static let movingEverySlider = """
    for (const player of document.querySelectorAll(".player")) {
      const [canvas, slider, output] = ["canvas", "input", "output"].map((name) => player.querySelector(name));
      const look = () => [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data].join();
      const [picture, time] = [look(), output.textContent];
      slider.value = Math.ceil(slider.max / 2);
      slider.dispatchEvent(new Event("input"));
      const changed = picture !== look() && time !== output.textContent;
      report(changed ? "the film moved" : `the film stood still at ${output.textContent} of ${slider.max}`);
    }
    """

  /// Opens a page and runs a script in it; `report(text)` puts a line into the page's end.
  ///
  /// - Returns: what was reported. Errors of the page's own scripts, and what they tell the console as an error, are reported
  ///   as `fault: …`.
  /// - Throws: where the browser cannot be started.
  public static func reports(on html: String, script: String) throws -> [String] {
    let folder = try TestFolder()
    let probe = """
      <script>
      const report = (text) => {
        const line = document.createElement("p");
        line.textContent = "report" + ": " + text + " end of report";
        document.body.append(line);
      };
      window.addEventListener("error", (event) => report("fau" + "lt: " + event.message));
      window.addEventListener("unhandledrejection", (event) => report("fau" + "lt: " + event.reason));
      console.error = (...words) => report("fau" + "lt: " + words.join(" "));
      </script>
      """
    // The probe stands before the page's own scripts, the look at it behind them.
    let look = "<script>window.addEventListener(\"load\", () => setTimeout(() => { \(script) }, 50));</script></body>"
    let page = html.replacingOccurrences(of: "<head>", with: "<head>" + probe)
      .replacingOccurrences(of: "</body>", with: look)
    try Data(page.utf8).write(to: folder.url("page.html"))
    let browser = Process()
    browser.executableURL = program
    browser.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder.path("profile"))",
      "--virtual-time-budget=5000", "--dump-dom", folder.url("page.html").absoluteString,
    ]
    let output = Pipe()
    browser.standardOutput = output
    browser.standardError = FileHandle.nullDevice
    try browser.run()
    let document = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    browser.waitUntilExit()
    return document.components(separatedBy: "report: ").dropFirst()
      .compactMap { $0.components(separatedBy: " end of report").first }
  }
}
