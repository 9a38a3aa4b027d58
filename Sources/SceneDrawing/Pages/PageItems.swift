// Draw lists as the scripts of pages read them: a line of text for each item, and lists as what has changed in them.

import PlanarCore

extension DrawItem {
  /// The item as a page's script draws it: `d` disc, `p` polygon, `l` line or `t` text; then its numbers, in tenths of
  /// millimetres; then colours and widths. Light, relief and cut ends are left out.
  ///
  /// - Parameter exposure: of the list that the item is from.
  package func pageItem(under exposure: Exposure = .neutral) -> String {
    func points(_ points: [Vec2]) -> String { points.map { "\(tenths($0.x)),\(tenths($0.y))" }.joined(separator: ",") }
    func css(_ color: Color) -> String { exposure(color).css }
    func outlined(_ outline: Outline?) -> String { outline.map { " \(css($0.color)) \(tenths($0.width))" } ?? "" }
    switch self {
    case .disc(let center, let radius, let fill, let outline, _):
      return "d \(points([center])),\(tenths(radius)) \(css(fill))\(outlined(outline))"
    case .polygon(let corners, let fill, let outline, _): return "p \(points(corners)) \(css(fill))\(outlined(outline))"
    case .polyline(let way, let width, let color, _): return "l \(points(way)) \(css(color)) \(tenths(width))"
    case .text(let text, let place, let height, let color, let anchor):
      let align =
        switch anchor {
        case .leading: "left"
        case .center: "center"
        case .trailing: "right"
        }
      return "t \(points([place])),\(tenths(height)) \(css(color)) \(align) \(text)"
    }
  }
}

/// Tenths of a millimetre, of a length in metres; what lies farther away than a kilometre stays there.
private func tenths(_ value: Double) -> Int {
  value.isFinite ? Int((min(max(value, -1_000), 1_000) * 10_000).rounded()) : 0
}

extension Color {
  /// `#rrggbbaa`, or `#rrggbb` where it covers.
  package var css: String {
    func byte(_ value: Float) -> String {
      let text = String(Int((max(0, min(1, value)) * 255).rounded()), radix: 16)
      return text.count == 1 ? "0" + text : text
    }
    let rgb = "#" + byte(red) + byte(green) + byte(blue)
    return alpha < 1 ? rgb + byte(alpha) : rgb
  }
}

extension [String] {
  /// What makes of a list of items the next one: `<place> <item>` for each that differs; `<number> =` is how many there
  /// are where that has changed.
  package func changes(to next: [String]) -> [String] {
    var changes = next.count == count ? [] : ["\(next.count) ="]
    for (place, item) in next.enumerated() where !indices.contains(place) || self[place] != item {
      changes.append("\(place) \(item)")
    }
    return changes
  }

  /// Makes of a list of items the next one; see `changes(to:)`.
  package mutating func apply(_ changes: [String]) {
    for change in changes {
      let words = change.split(separator: " ", maxSplits: 1)
      guard words.count == 2, let place = Int(words[0]), place >= 0 else { continue }
      if words[1] == "=" {
        self = Array(prefix(place))
      } else if place < count {
        self[place] = String(words[1])
      } else {
        append(String(words[1]))
      }
    }
  }
}
