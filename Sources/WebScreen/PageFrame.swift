// What a page shows at one moment, in the form in which it is sent: all of it, or what differs from what the page has.

import PlanarSceneDrawing

/// One moment of a session, for pages.
package struct PageFrame: Sendable {
  /// Counts up with every moment.
  package var serial = 0
  /// Everything but the scene's items: values in JSON by their names.
  package var parts: [String: String] = [:]
  /// The scene's items and those above it; see `DrawItem.pageItem`.
  package var items: [String] = []

  /// Nothing at all: what a new page has.
  package init() {}

  /// What makes a page that shows `earlier` show this moment, as a message in JSON: `parts` has those that differ, null for
  /// one that is gone, and `items` what `applyChanges` takes.
  ///
  /// - Parameter number: counts the messages to the page; it gives it back when it has drawn.
  package func message(_ number: Int, after earlier: PageFrame) -> String {
    var differing = parts.filter { earlier.parts[$0.key] != $0.value }
    for name in earlier.parts.keys where parts[name] == nil { differing[name] = "null" }
    let parts = differing.sorted { $0.key < $1.key }.map { "\(jsonText($0.key)):\($0.value)" }
    let items = earlier.items.changes(to: items).map(jsonText)
    return """
      {"number":\(number),"parts":{\(parts.joined(separator: ","))},"items":[\(items.joined(separator: ","))]}
      """
  }
}

/// A text as JSON has it.
func jsonText(_ text: String) -> String {
  var json = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": json += "\\\""
    case "\\": json += "\\\\"
    case "\n": json += "\\n"
    case "\u{0}"..<"\u{20}": json += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
    default: json.unicodeScalars.append(scalar)
    }
  }
  return json + "\""
}
