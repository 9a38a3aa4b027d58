// A table for pages.

/// Columns of text in Markdown; cells are written as they are.
public struct MarkdownTable: Sendable {
  /// The columns' names.
  public var header: [String]
  /// Cells by row; every row is as long as the header.
  public var rows: [[String]]

  /// A table, empty unless rows are given.
  public init(header: [String], rows: [[String]] = []) { (self.header, self.rows) = (header, rows) }

  /// The table, every line ended.
  public var text: String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    return line(header) + "|" + String(repeating: "---|", count: header.count) + "\n" + rows.map(line).joined()
  }
}
