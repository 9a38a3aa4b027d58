// A report in one file: nothing is fetched from elsewhere, fit for print, light or dark.

import Foundation
import PlanarCore

/// A page put together from top to bottom. All text is escaped.
public struct HTMLReport: Sendable {
  /// The page's title and first heading.
  public let title: String
  private var body = ""
  /// What parts need in the head.
  private var heads: [String] = []

  /// A page that has a title and nothing else.
  public init(title: String) {
    self.title = title
  }

  /// - Parameter level: 2 for a section, 3 for a part of one.
  public mutating func heading(_ text: String, level: Int = 2) {
    let level = min(6, max(2, level))
    body += "<h\(level)>\(escaped(text))</h\(level)>\n"
  }

  /// Appends a paragraph of plain text.
  public mutating func paragraph(_ text: String) { body += "<p>\(escaped(text))</p>\n" }

  /// Appends a link, such as to another report.
  public mutating func link(_ text: String, to address: String) {
    body += "<p><a href=\"\(escaped(address))\">\(escaped(text))</a></p>\n"
  }

  /// Appends a command for a shell, as it is pasted.
  public mutating func command(_ line: String) { body += "<pre><code>\(escaped(line))</code></pre>\n" }

  /// Appends a bulleted list, one plain text per entry.
  public mutating func list(_ items: [String]) {
    body += "<ul>\n" + items.map { "<li>\(escaped($0))</li>\n" }.joined() + "</ul>\n"
  }

  /// A table; its first column is left-aligned, the others right-aligned.
  public mutating func table(_ table: TextTable, caption: String = "") {
    let title = caption.isEmpty ? "" : "<caption>\(escaped(caption))</caption>"
    let head = table.header.map { "<th>\(escaped($0))</th>" }.joined()
    let rows = table.rows.map { row in
      "<tr>" + row.map { "<td\(Self.isFigure($0) ? " class=\"figure\"" : "")>\(escaped($0))</td>" }.joined() + "</tr>\n"
    }
    body += """
      <div class="scroll"><table>\(title)
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(rows.joined())</tbody></table></div>

      """
  }

  /// Whether a cell is a number or an interval, which stays in one line.
  private static func isFigure(_ cell: String) -> Bool { !cell.contains { $0.isLetter } }

  /// Appends a plot as inline SVG.
  public mutating func plot(_ plot: Plot, caption: String = "") { figure(plot.svg, caption) }
  /// Appends a bar plot as inline SVG.
  public mutating func plot(_ plot: BarPlot, caption: String = "") { figure(plot.svg, caption) }

  /// A picture, stored in the page itself.
  public mutating func picture(png: Data, caption: String) {
    figure(
      "<img alt=\"\(escaped(caption))\" src=\"data:image/png;base64,\(png.base64EncodedString())\">",
      caption)
  }

  /// Appends a part that is HTML already.
  ///
  /// - Parameter once: styles and scripts that the part needs; they stand in the page's head, once for all such parts.
  package mutating func embed(_ html: String, once head: String) {
    body += html
    if !heads.contains(head) { heads.append(head) }
  }

  /// Appends parts side by side, as far as the page is wide enough.
  package mutating func sideBySide<Part>(_ parts: [Part], _ append: (Part, inout HTMLReport) -> Void) {
    body += "<div class=\"columns\">\n"
    for part in parts {
      body += "<div>\n"
      append(part, &self)
      body += "</div>\n"
    }
    body += "</div>\n"
  }

  private mutating func figure(_ content: String, _ caption: String) {
    let text = caption.isEmpty ? "" : "<figcaption>\(escaped(caption))</figcaption>\n"
    body += "<figure>\n<div class=\"picture\">\(content)</div>\(text)</figure>\n"
  }

  /// The page.
  public var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(title))</title>
    <style>
    \(Self.style)
    </style>
    \(heads.joined(separator: "\n"))
    </head>
    <body>
    <main>
    <h1>\(escaped(title))</h1>
    \(body)</main>
    </body>
    </html>

    """
  }

  /// Writes the page, whole or not at all.
  ///
  /// - Throws: `UserError` where the file cannot be written.
  public func write(to url: URL) throws { try PlanarEvaluation.write(Data(html.utf8), to: url) }

  private static let style = """
    :root { color-scheme: light dark; }
    body { margin: 0; font: 16px/1.5 system-ui, "Noto Sans", "Noto Sans CJK KR", sans-serif;
      color: #1c1c1c; background: #ffffff; }
    main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
    h1 { font-size: 1.7rem; line-height: 1.2; }
    h2 { font-size: 1.3rem; margin-top: 2.2rem; border-bottom: 1px solid #8886; }
    h3 { font-size: 1.1rem; margin-top: 1.6rem; }
    p, li { max-width: 46rem; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    caption { text-align: left; padding-bottom: 0.4rem; opacity: 0.8; }
    th, td { padding: 0.3rem 0.8rem; text-align: right; border-bottom: 1px solid #8884; }
    th:first-child, td:first-child { text-align: left; }
    pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 0.6rem 0.8rem; border: 1px solid #8884;
      border-radius: 4px; font-size: 0.9rem; max-width: 46rem; }
    figure { margin: 1.2rem 0; break-inside: avoid; }
    figure svg, figure img { width: 100%; max-width: 46rem; height: auto; }
    .picture { overflow-x: auto; }
    .picture svg { min-width: 34rem; }
    .figure { white-space: nowrap; }
    figcaption { font-size: 0.92rem; opacity: 0.8; max-width: 46rem; }
    .scroll { overflow-x: auto; margin: 1rem 0; }
    .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0 2rem; }
    .columns > div { min-width: 0; max-width: 30rem; break-inside: avoid; }
    @media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #16181b; } }
    @media (max-width: 30rem) { main { padding: 1rem; } th, td { padding: 0.3rem 0.4rem; font-size: 0.9rem; } }
    @media print { body { color: #000; background: #fff; } main { max-width: none; padding: 0; } }
    """
}
