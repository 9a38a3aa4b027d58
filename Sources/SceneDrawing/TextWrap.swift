// Longer texts in lines of a given width.

import CPlanarCairo
import PlanarCore

extension TextSetter {
  /// Cuts a text into lines no wider than `width` px: between words, within a word where it alone is too wide. What does
  /// not fit `limit` lines ends in an ellipsis.
  func lines(of text: String, width: Double, limit: Int = .max) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      for word in paragraph.split(separator: " ") {
        let longer = line.isEmpty ? String(word) : line + " " + word
        if advance(of: longer) <= width {
          line = longer
          continue
        }
        if !line.isEmpty { lines.append(line) }
        line = String(word)
        while advance(of: line) > width, line.count > 1 {
          let head = prefix(of: line, fitting: width)
          lines.append(head)
          line.removeFirst(head.count)
        }
      }
      lines.append(line)
    }
    guard lines.count > limit else { return lines }
    lines.removeSubrange(limit...)
    lines[limit - 1] = prefix(of: lines[limit - 1], fitting: width - advance(of: "…")) + "…"
    return lines
  }

  /// How far the pen moves over a text, px.
  func advance(of text: String) -> Double { runs(of: text).map(\.advance).reduce(0, +) }

  /// The longest beginning that fits, at least one character.
  private func prefix(of text: String, fitting width: Double) -> String {
    var head = text
    while head.count > 1, advance(of: head) > width { head.removeLast() }
    return head
  }
}
