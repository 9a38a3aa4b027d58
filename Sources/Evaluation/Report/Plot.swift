// Line and scatter plots as inline SVG.

import Foundation

/// Several series over a common pair of axes.
public struct Plot: Sendable {
  /// One point, with what is uncertain about its height.
  public struct Point: Sendable {
    /// Along the horizontal axis.
    public var x: Double
    /// Along the vertical axis.
    public var y: Double
    /// The bounds of an interval; nil where there is none.
    public var low: Double?
    /// The upper bound; nil where there is none.
    public var high: Double?

    /// A point, with an interval where both bounds are given.
    public init(_ x: Double, _ y: Double, low: Double? = nil, high: Double? = nil) {
      self.x = x
      self.y = y
      self.low = low
      self.high = high
    }
  }

  /// How a series is drawn.
  public enum Style: Sendable {
    /// Points joined by a line, unmarked.
    case line
    /// Marks alone.
    case points
    /// Marks joined by a line.
    case linePoints
  }

  /// How intervals are shown.
  public enum Uncertainty: Sendable {
    /// A bar at every point.
    case bars
    /// A band along the line.
    case band
  }

  /// Points of one colour, with an entry in the legend.
  public struct Series: Sendable {
    /// Its entry in the legend.
    public var name: String
    /// Its points, in the order in which a line joins them.
    public var points: [Point]
    /// How the points are drawn.
    public var style: Style
    /// How their intervals are drawn.
    public var uncertainty: Uncertainty

    /// A series; lines with points and error bars unless told otherwise.
    public init(
      _ name: String, _ points: [Point], style: Style = .linePoints,
      uncertainty: Uncertainty = .bars
    ) {
      self.name = name
      self.points = points
      self.style = style
      self.uncertainty = uncertainty
    }
  }

  /// The line above the plot.
  public var title: String
  /// The horizontal axis.
  public var x: PlotAxis
  /// The vertical axis.
  public var y: PlotAxis
  /// What is drawn, in the legend's order.
  public var series: [Series]

  /// A plot of several series.
  public init(_ title: String, x: PlotAxis, y: PlotAxis, series: [Series]) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
  }

  /// The drawing. Points that are not finite, or not positive on a logarithmic axis, are left out.
  public var svg: String {
    let shown = series.map { series in
      series.points.filter { x.shows($0.x) && y.shows($0.y) }
    }
    let heights = shown.joined().flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] }
    var frame = PlotFrame(
      title: title, names: series.map(\.name), swatch: .line, x: x, y: y,
      xRange: x.range(of: shown.joined().map(\.x)), yRange: y.range(of: heights))
    frame.drawXAxis()
    for (i, points) in shown.enumerated() where series[i].uncertainty == .band {
      drawBand(points, i, &frame)
    }
    for (i, points) in shown.enumerated() { draw(series[i], points, i, &frame) }
    return frame.canvas.svg(title: title)
  }

  private func drawBand(_ points: [Point], _ i: Int, _ frame: inout PlotFrame) {
    let bounded = points.filter { $0.low != nil && $0.high != nil && insideX($0, frame) }
    guard bounded.count > 1 else { return }
    let upper = bounded.map { (x: frame.px($0.x), y: frame.clampedY($0.high!)) }
    let lower = bounded.reversed().map { (x: frame.px($0.x), y: frame.clampedY($0.low!)) }
    frame.canvas.polygon(
      upper + lower, style: "fill=\"\(color(i))\" fill-opacity=\"0.18\" stroke=\"none\"")
  }

  private func draw(_ series: Series, _ points: [Point], _ i: Int, _ frame: inout PlotFrame) {
    let positions = points.filter { insideX($0, frame) }
      .map { (x: frame.px($0.x), y: frame.clampedY($0.y), point: $0) }
    let stroke = "stroke=\"\(color(i))\" stroke-width=\"2\""
    if series.uncertainty == .bars {
      for position in positions {
        guard let low = position.point.low, let high = position.point.high else { continue }
        frame.drawWhisker(
          x: position.x, low: low, high: high,
          style: "stroke=\"\(color(i))\" stroke-width=\"1.5\" stroke-opacity=\"0.8\"")
      }
    }
    if series.style != .points, positions.count > 1 {
      frame.canvas.polyline(
        positions.map { (x: $0.x, y: $0.y) },
        style: stroke + " stroke-linejoin=\"round\"" + dash(i))
    }
    if series.style != .line || positions.count == 1 {
      for position in positions where frame.contains(position.x, position.y) {
        drawMarker(position.x, position.y, i, &frame)
      }
    }
  }

  private func insideX(_ point: Point, _ frame: PlotFrame) -> Bool {
    frame.contains(frame.px(point.x), frame.bottom)
  }

  /// Discs, squares, triangles and diamonds in turn, so that series differ without colour.
  private func drawMarker(_ x: Double, _ y: Double, _ i: Int, _ frame: inout PlotFrame) {
    let fill = "fill=\"\(color(i))\""
    switch i % 4 {
    case 0: frame.canvas.circle(x, y, radius: 4, style: fill)
    case 1: frame.canvas.rectangle(x - 3.6, y - 3.6, 7.2, 7.2, style: fill)
    case 2: frame.canvas.polygon([(x, y - 5), (x + 4.6, y + 3.4), (x - 4.6, y + 3.4)], style: fill)
    default: frame.canvas.polygon([(x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)], style: fill)
    }
  }
}

/// The natural logarithm, named apart from functions called `log` that record things.
func logarithm(_ value: Double) -> Double { log(value) }
