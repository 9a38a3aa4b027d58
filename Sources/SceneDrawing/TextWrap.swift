// Longer texts in lines of a given width.

import CPlanarCairo
import PlanarCore

/// Breaks `text` at spaces, and inside of words that are too long, so that each line measures at most `limit`; a line
/// has one character at least.
///
/// - Parameter measure: the width of a line, in the unit of `limit`.
package func wrapped(_ text: String, limit: Double, measure: (String) -> Double) -> [String] {
  var lines: [String] = []
  for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
    var line = ""
    for word in paragraph.split(separator: " ") {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if measure(longer) <= limit {
        line = longer
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = ""
      for character in word {
        if !line.isEmpty && measure(line + String(character)) > limit {
          lines.append(line)
          line = ""
        }
        line.append(character)
      }
    }
    lines.append(line)
  }
  return lines
}

extension TextSetter {
  /// Cuts a text into lines no wider than `width` px: between words, within a word where it alone is too wide. What does
  /// not fit `limit` lines ends in an ellipsis.
  func lines(of text: String, width: Double, limit: Int = .max) -> [String] {
    var lines = wrapped(text, limit: width) { advance(of: $0) }
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
