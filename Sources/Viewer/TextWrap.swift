// Breaking a sentence into lines that fit.

/// Breaks `text` at spaces, and inside of words that are too long, so that each line measures at most
/// `limit`.
///
/// - Parameter measure: the width of a line, in the unit of `limit`.
func wrapped(_ text: String, limit: Double, measure: (String) -> Double) -> [String] {
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
