// A table for pages.

/// Columns of text in Markdown; cells are written as they are.
public struct MarkdownTable: Sendable {
  public var header: [String]
  public var rows: [[String]]

  public init(header: [String], rows: [[String]] = []) { (self.header, self.rows) = (header, rows) }

  /// The table, every line ended.
  public var text: String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    return line(header) + "|" + String(repeating: "---|", count: header.count) + "\n" + rows.map(line).joined()
  }
}
