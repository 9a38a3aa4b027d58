// A table for the terminal.

/// Columns of text, the first left-aligned, the others right-aligned.
public struct TextTable: Sendable {
  /// The columns' names.
  public var header: [String]
  /// Cells by row; every row is as long as the header.
  public var rows: [[String]]

  /// A table, empty unless rows are given.
  public init(header: [String], rows: [[String]] = []) {
    self.header = header
    self.rows = rows
  }

  /// The table, every line ended, columns two spaces apart, a rule under the header.
  public var text: String {
    let widths = header.indices.map { column in
      ([header] + rows).map { column < $0.count ? displayWidth($0[column]) : 0 }.max()!
    }
    func line(_ cells: [String]) -> String {
      var line = ""
      for (column, width) in widths.enumerated() {
        let cell = column < cells.count ? cells[column] : ""
        let padding = String(repeating: " ", count: width - displayWidth(cell))
        line += column == 0 ? cell + padding : "  " + padding + cell
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ") + "\n"
    return line(header) + rule + rows.map(line).joined()
  }
}

/// Terminal columns that a text fills: two for a wide (Korean, Chinese, Japanese, full-width) letter, none
/// for a combining mark.
func displayWidth(_ text: String) -> Int {
  text.unicodeScalars.reduce(0) { width, scalar in
    switch scalar.value {
    case 0x300...0x36f, 0x200b...0x200f, 0xfe00...0xfe0f: width
    case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
      0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1faff, 0x20000...0x3fffd:
      width + 2
    default: width + 1
    }
  }
}
