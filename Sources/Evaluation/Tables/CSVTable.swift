// Figures as comma-separated values, for spreadsheets and scripts (RFC 4180, but with line feeds).

/// A header and rows of cells.
public struct CSVTable: Sendable {
  /// The columns' names.
  public var header: [String]
  /// Cells by row; every row is as long as the header.
  public var rows: [[String]]

  /// A table, empty unless rows are given.
  public init(header: [String], rows: [[String]] = []) { (self.header, self.rows) = (header, rows) }

  /// The table, every line ended; cells are quoted where they must be.
  public var text: String {
    ([header] + rows).map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
  }

  private static func quoted(_ cell: String) -> String {
    cell.contains { ",\"\n\r".contains($0) } ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
  }
}
