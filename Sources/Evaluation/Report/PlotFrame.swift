// What every plot has around its data: title, legend, axes, ticks.

/// Colours told apart by people with any colour vision (Okabe & Ito 2008), without the yellow that white
/// paper swallows.
let palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7f7f7f"]
/// Dashes, so that lines differ in print without colour too.
let dashes = ["", "7 3", "2 3", "9 3 2 3", "", "7 3", "2 3"]

/// The look of series number `i`.
func color(_ i: Int) -> String { palette[i % palette.count] }
func dash(_ i: Int) -> String {
  let pattern = dashes[i % dashes.count]
  return pattern.isEmpty ? "" : " stroke-dasharray=\"\(pattern)\""
}

/// A canvas with a title, a legend and a vertical axis drawn, and the map from data to pixels.
struct PlotFrame {
  static let width = 720.0
  private static let dataHeight = 300.0

  var canvas: SVGCanvas
  let left = 74.0
  let right = Self.width - 18
  let top: Double
  let bottom: Double
  let x: PlotAxis
  let y: PlotAxis
  let xRange: ClosedRange<Double>
  let yRange: ClosedRange<Double>

  init(
    title: String, names: [String], swatch: LegendSwatch, x: PlotAxis, y: PlotAxis,
    xRange: ClosedRange<Double>, yRange: ClosedRange<Double>
  ) {
    let legend = Legend(names: names == [""] ? [] : names, swatch: swatch, width: right - left)
    top = 34 + legend.height
    bottom = top + Self.dataHeight
    self.x = x
    self.y = y
    self.xRange = xRange
    self.yRange = yRange
    canvas = SVGCanvas(width: Self.width, height: bottom + 56)
    canvas.text(title, left, 20, size: 16, weight: "600")
    legend.draw(on: &canvas, left: left, top: 34)
    drawYAxis()
  }

  func px(_ value: Double) -> Double {
    left + (right - left) * share(value, x.scale, xRange)
  }

  func py(_ value: Double) -> Double {
    bottom - (bottom - top) * share(value, y.scale, yRange)
  }

  /// `py`, kept inside the frame: for error bars that reach beyond it.
  func clampedY(_ value: Double) -> Double {
    y.shows(value) ? min(bottom, max(top, py(value))) : bottom
  }

  func contains(_ px: Double, _ py: Double) -> Bool {
    left - 0.5...right + 0.5 ~= px && top - 0.5...bottom + 0.5 ~= py
  }

  mutating func drawXAxis() {
    for tick in x.ticks(in: xRange) {
      canvas.line(px(tick.value), bottom, px(tick.value), bottom + 5, style: "stroke=\"currentColor\"")
      canvas.text(tick.label, px(tick.value), bottom + 20, anchor: .middle)
    }
    drawXLabel()
  }

  mutating func drawXLabel() {
    canvas.text(x.label, (left + right) / 2, bottom + 44, anchor: .middle, size: 14)
  }

  private mutating func drawYAxis() {
    for tick in y.ticks(in: yRange) {
      canvas.line(
        left, py(tick.value), right, py(tick.value),
        style: "stroke=\"currentColor\" stroke-opacity=\"0.15\"")
      canvas.text(tick.label, left - 8, py(tick.value) + 4.5, anchor: .end)
    }
    canvas.line(left, top, left, bottom, style: "stroke=\"currentColor\"")
    canvas.line(left, bottom, right, bottom, style: "stroke=\"currentColor\"")
    canvas.text(y.label, 17, (top + bottom) / 2, anchor: .middle, size: 14, turn: -90)
  }

  /// A vertical whisker with caps.
  mutating func drawWhisker(x: Double, low: Double, high: Double, style: String) {
    let (bottom, top) = (clampedY(low), clampedY(high))
    canvas.line(x, bottom, x, top, style: style)
    canvas.line(x - 4, bottom, x + 4, bottom, style: style)
    canvas.line(x - 4, top, x + 4, top, style: style)
  }
}

private func share(
  _ value: Double, _ scale: PlotAxis.Scale, _ range: ClosedRange<Double>
) -> Double {
  switch scale {
  case .linear: (value - range.lowerBound) / (range.upperBound - range.lowerBound)
  case .logarithmic:
    logarithm(value / range.lowerBound) / logarithm(range.upperBound / range.lowerBound)
  }
}

/// What stands for a series in the legend.
enum LegendSwatch {
  case line
  case bar
}

/// Names with their colours, flowing into as many rows as they need.
private struct Legend {
  private let swatch: LegendSwatch
  private var entries: [(name: String, series: Int, x: Double, row: Int)] = []
  let height: Double

  init(names: [String], swatch: LegendSwatch, width: Double) {
    self.swatch = swatch
    var x = 0.0
    var row = 0
    for (series, name) in names.enumerated() {
      let needed = 34 + textWidth(name, size: 13) + 18
      if x > 0, x + needed > width {
        x = 0
        row += 1
      }
      entries.append((name, series, x, row))
      x += needed
    }
    height = names.isEmpty ? 0 : Double(row + 1) * 20 + 6
  }

  func draw(on canvas: inout SVGCanvas, left: Double, top: Double) {
    for entry in entries {
      let y = top + Double(entry.row) * 20 + 6
      let x = left + entry.x
      let color = color(entry.series)
      switch swatch {
      case .line:
        canvas.line(
          x, y, x + 26, y, style: "stroke=\"\(color)\" stroke-width=\"4\"\(dash(entry.series))")
      case .bar: canvas.rectangle(x + 12, y - 7, 14, 14, style: "fill=\"\(color)\"")
      }
      canvas.text(entry.name, x + 32, y + 4.5)
    }
  }
}
