// A few SVG elements, with escaped text and short numbers.

import Foundation

/// Text that is safe inside HTML and SVG, between tags and inside quotes.
public func escaped(_ text: String) -> String {
  var result = ""
  for character in text.unicodeScalars {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    default: result.unicodeScalars.append(character)
    }
  }
  return result
}

/// A coordinate, to a hundredth of a pixel.
func pixel(_ value: Double) -> String {
  var text = fixed(value, 2)
  while text.hasSuffix("0") { text.removeLast() }
  if text.hasSuffix(".") { text.removeLast() }
  return text == "-0" ? "0" : text
}

/// A drawing of a fixed size, put together element by element.
struct SVGCanvas {
  enum Anchor: String {
    case start, middle, end
  }

  let width: Double
  var height: Double
  private var body = ""

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String
  ) {
    body +=
      "<line x1=\"\(pixel(x1))\" y1=\"\(pixel(y1))\" x2=\"\(pixel(x2))\" y2=\"\(pixel(y2))\" \(style)/>\n"
  }

  mutating func polyline(_ points: [(x: Double, y: Double)], style: String) {
    body += "<polyline points=\"\(Self.list(points))\" fill=\"none\" \(style)/>\n"
  }

  mutating func polygon(_ points: [(x: Double, y: Double)], style: String) {
    body += "<polygon points=\"\(Self.list(points))\" \(style)/>\n"
  }

  mutating func circle(_ x: Double, _ y: Double, radius: Double, style: String) {
    body += "<circle cx=\"\(pixel(x))\" cy=\"\(pixel(y))\" r=\"\(pixel(radius))\" \(style)/>\n"
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, style: String
  ) {
    body +=
      "<rect x=\"\(pixel(x))\" y=\"\(pixel(y))\" width=\"\(pixel(width))\" height=\"\(pixel(height))\" \(style)/>\n"
  }

  /// - Parameter turn: degrees, about the text's own point.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, anchor: Anchor = .start, size: Double = 13,
    weight: String = "normal", turn: Double = 0
  ) {
    let turned = turn == 0 ? "" : " transform=\"rotate(\(pixel(turn)) \(pixel(x)) \(pixel(y)))\""
    body +=
      "<text x=\"\(pixel(x))\" y=\"\(pixel(y))\" font-size=\"\(pixel(size))\" font-weight=\"\(weight)\" text-anchor=\"\(anchor.rawValue)\" fill=\"currentColor\"\(turned)>\(escaped(text))</text>\n"
  }

  /// The element, labelled for screen readers.
  func svg(title: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(pixel(width)) \(pixel(height))" role="img" \
    aria-label="\(escaped(title))" font-family="system-ui, 'Noto Sans', 'Noto Sans CJK KR', sans-serif">
    \(body)</svg>

    """
  }

  private static func list(_ points: [(x: Double, y: Double)]) -> String {
    points.map { "\(pixel($0.x)),\(pixel($0.y))" }.joined(separator: " ")
  }
}

/// A guess at a text's width in pixels, for laying out legends.
func textWidth(_ text: String, size: Double) -> Double { Double(displayWidth(text)) * size * 0.56 }
