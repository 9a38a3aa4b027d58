// A film as a row of small pictures: for pages whose scripts are off.

import Foundation
import PlanarEvaluation
import PlanarSceneDrawing

extension SceneFilm {
  /// How many pictures a strip has at most.
  static let stripLength = 6

  /// The film's title and caption over pictures at even distances, the first and the last frame among them, as HTML.
  package var strip: String {
    let last = frames.count - 1
    let count = min(Self.stripLength, frames.count)
    let chosen = (0..<count).map { count == 1 ? 0 : last * $0 / (count - 1) }
    var (items, pictures): ([String], [String]) = ([], [])
    for (number, changes) in frames.enumerated() {
      items.apply(changes)
      if chosen.contains(number) { pictures.append(picture(of: items, at: Double(number) / rate)) }
    }
    return """
      <p><strong>\(escaped(title))</strong>: \(escaped(caption))</p>
      <div class="strip">
      \(pictures.joined(separator: "\n"))
      </div>
      """
  }

  /// A frame as SVG, with its time. Lengths are tenths of millimetres, as in the film.
  private func picture(of items: [String], at seconds: Double) -> String {
    let (left, bottom) = (10 * bounds[0], 10 * bounds[1])
    let (width, height) = (10 * bounds[2], 10 * bounds[3])
    let shapes = items.compactMap { SceneShape($0)?.svg(left: left, top: bottom + height) }
    let time = "\(fixed(seconds, 1)) s"
    return """
      <div><svg viewBox="0 0 \(width) \(height)" role="img" \
      aria-label="\(escaped(title)) after \(time)">
      <rect width="\(width)" height="\(height)" fill="\(escaped(background))"/>
      \(shapes.joined(separator: "\n"))
      </svg><span>\(time)</span></div>
      """
  }
}

/// An item of a film, taken apart again.
private struct SceneShape {
  /// `d`, `p`, `l` or `t`.
  var kind: Substring
  var numbers: [Int]
  /// Colours, widths and text, as the kind has them.
  var rest: [Substring]

  /// nil where the text is no item of a film.
  init?(_ item: String) {
    let words = item.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
    guard words.count >= 3 else { return nil }
    kind = words[0]
    numbers = words[1].split(separator: ",").compactMap { Int($0) }
    rest = Array(words[2...])
    guard numbers.count >= (kind == "d" || kind == "t" ? 3 : 2) else { return nil }
  }

  /// - Parameter top: the upper edge of what is shown, and `left` its left one.
  func svg(left: Int, top: Int) -> String? {
    let points = stride(from: 0, to: numbers.count - 1, by: 2).map { (x: numbers[$0] - left, y: top - numbers[$0 + 1]) }
    let list = points.map { "\($0.x),\($0.y)" }.joined(separator: " ")
    let (x, y) = points[0]
    let color = "fill=\"\(escaped(String(rest[0])))\""
    switch kind {
    case "d": return "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"\(numbers[2])\" \(color)\(stroke(rest.dropFirst()))/>"
    case "p": return "<polygon points=\"\(list)\" \(color)\(stroke(rest.dropFirst()))/>"
    case "l": return "<polyline points=\"\(list)\" fill=\"none\"\(stroke(rest[...]))/>"
    case "t":
      guard rest.count == 3 else { return nil }
      let anchor = ["left": "start", "right": "end"][rest[1]] ?? "middle"
      return
        "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(numbers[2])\" \(color) text-anchor=\"\(anchor)\" dominant-baseline=\"central\">\(escaped(String(rest[2])))</text>"
    default: return nil
    }
  }

  /// A line of a colour and a width, where these two are there.
  private func stroke(_ words: ArraySlice<Substring>) -> String {
    guard words.count == 2, let color = words.first, let width = words.last else { return "" }
    return
      " stroke=\"\(escaped(String(color)))\" stroke-width=\"\(escaped(String(width)))\" stroke-linejoin=\"round\" stroke-linecap=\"round\""
  }
}
