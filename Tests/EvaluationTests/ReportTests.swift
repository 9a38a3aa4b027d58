// Reports: well-formed, escaped, self-contained; plots that put data where it belongs.

import PlanarEvaluation
import Foundation
import FoundationXML
import Testing

/// The elements of an SVG, or nil where it is not well-formed.
private func elements(_ svg: String) -> [(name: String, attributes: [String: String], text: String)]? {
  final class Collector: NSObject, XMLParserDelegate {
    var elements: [(name: String, attributes: [String: String], text: String)] = []
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) { elements.append((name, attributes, "")) }
    func parser(_ parser: XMLParser, foundCharacters text: String) {
      let text = text.filter { $0 != "\n" }  // Between elements; no text of ours has one.
      if !elements.isEmpty { elements[elements.count - 1].text += text }
    }
  }
  let collector = Collector()
  let parser = XMLParser(data: Data(svg.utf8))
  parser.delegate = collector
  return parser.parse() ? collector.elements : nil
}

private func points(_ list: String?) -> [(x: Double, y: Double)] {
  (list ?? "").split(separator: " ").map { pair in
    let numbers = pair.split(separator: ",").map { Double($0)! }
    return (numbers[0], numbers[1])
  }
}

@Suite struct PlotTests {
  @Test func decadesAreEquallyFarApartOnALogarithmicAxis() throws {
    let plot = Plot(
      "law", x: PlotAxis("labels", scale: .logarithmic), y: PlotAxis("error", scale: .logarithmic),
      series: [Plot.Series("fit", [(1, 10), (10, 100), (100, 1000)].map { Plot.Point($0.0, $0.1) })])
    let line = try #require(elements(plot.svg)?.first { $0.name == "polyline" })
    let places = points(line.attributes["points"])
    #expect(places.count == 3)
    #expect(near(places[1].x - places[0].x, places[2].x - places[1].x, within: 0.02))
    #expect(near(places[0].y - places[1].y, places[1].y - places[2].y, within: 0.02))
    #expect(places[0].x < places[1].x && places[0].y > places[1].y, "up is up")
  }

  @Test func ticksAreRoundNumbersAndDataLieInsideTheDrawing() throws {
    let plot = Plot(
      "rates", x: PlotAxis("step"), y: PlotAxis("success", range: 0...1, isPercentage: true),
      series: [
        Plot.Series("a", (0...10).map { Plot.Point(Double($0) * 97, Double($0) / 10, low: -1, high: 2) }),
        Plot.Series(
          "b", (0...10).map { Plot.Point(Double($0) * 97, 0.5, low: 0.4, high: 0.6) },
          style: .line, uncertainty: .band),
      ])
    let drawn = try #require(elements(plot.svg))
    let texts = Set(drawn.filter { $0.name == "text" }.map(\.text))
    #expect(texts.isSuperset(of: ["0 %", "20 %", "100 %", "0", "200", "800", "step", "success", "a", "b"]))
    let box = drawn[0].attributes["viewBox"]!.split(separator: " ").map { Double($0)! }
    for element in drawn {
      for place in points(element.attributes["points"]) {
        #expect((0...box[2]).contains(place.x) && (0...box[3]).contains(place.y))
      }
      for key in ["x1", "x2", "cx"] {
        if let x = element.attributes[key] { #expect((0...box[2]).contains(Double(x)!)) }
      }
      for key in ["y1", "y2", "cy"] {
        if let y = element.attributes[key] { #expect((0...box[3]).contains(Double(y)!)) }
      }
    }
    #expect(drawn.contains { $0.name == "polygon" && $0.attributes["fill-opacity"] != nil })
  }

  @Test func tickLabelsAreShort() throws {
    func labels(_ range: ClosedRange<Double>, _ scale: PlotAxis.Scale) throws -> Set<String> {
      let plot = Plot("", x: PlotAxis("", scale: scale, range: range), y: PlotAxis(""), series: [])
      return Set(try #require(elements(plot.svg)).filter { $0.name == "text" }.map(\.text))
    }
    #expect(try labels(100...10_000, .logarithmic).isSuperset(of: ["100", "500", "10000"]))
    #expect(try labels(1e-6...1e7, .logarithmic).isSuperset(of: ["1e-6", "1", "100", "1e6"]))
    #expect(try labels(0...0.01, .linear).isSuperset(of: ["0", "0.002", "0.01"]))
    #expect(try labels(-0.3...0.3, .linear).isSuperset(of: ["-0.2", "0", "0.2"]))
  }

  @Test(arguments: [
    [], [Plot.Point(.nan, 1), Plot.Point(1, .infinity)], [Plot.Point(0, 0)], [Plot.Point(-3, -3)],
    [Plot.Point(1e-9, 1e9), Plot.Point(1e9, 1e-9)], [Plot.Point(5, 5), Plot.Point(5, 5)],
  ])
  func oddDataStillDraw(data: [Plot.Point]) {
    for scale in [PlotAxis.Scale.linear, .logarithmic] {
      let plot = Plot(
        "odd", x: PlotAxis("x", scale: scale), y: PlotAxis("y", scale: scale),
        series: [Plot.Series("s", data)])
      let svg = plot.svg
      #expect(elements(svg) != nil)
      #expect(!svg.contains("nan") && !svg.contains("inf\""))
    }
  }

  @Test func barsStandOnZeroAndScaleWithTheirValues() throws {
    let plot = BarPlot(
      "by color", categories: ["red", "blue"], y: PlotAxis("success", range: 0...1),
      series: [
        BarPlot.Series("flow", [BarPlot.Bar(0.25), BarPlot.Bar(Proportion(successes: 5, trials: 10))]),
        BarPlot.Series("bins", [nil, BarPlot.Bar(1)]),
      ])
    let bars = try #require(elements(plot.svg))
      .filter { $0.name == "rect" && $0.attributes["width"] != "14" }.map(\.attributes)
    let heights = bars.map { Double($0["height"]!)! }
    #expect(heights.count == 3)
    #expect(near(heights[1] / heights[0], 2, within: 0.01) && near(heights[2] / heights[0], 4, within: 0.01))
    #expect(Set(bars.map { pixelSum($0["y"]!, $0["height"]!) }).count == 1, "one common foot")
  }

  private func pixelSum(_ a: String, _ b: String) -> Int { Int((Double(a)! + Double(b)!).rounded()) }

  @Test func titlesAreEscaped() throws {
    let plot = Plot("a < b & \"c\"", x: PlotAxis("<x>"), y: PlotAxis("y"), series: [])
    let drawn = try #require(elements(plot.svg))
    #expect(drawn.contains { $0.text == "a < b & \"c\"" } && drawn.contains { $0.text == "<x>" })
  }
}

@Suite struct HTMLReportTests {
  private var report: HTMLReport {
    var report = HTMLReport(title: "A <report> & more")
    report.heading("First")
    report.paragraph("<script>alert('x')</script>")
    report.table(
      TextTable(header: ["policy", "success"], rows: [["\"flow\"", "83 %"]]), caption: "a & b")
    report.plot(Plot("p", x: PlotAxis("x"), y: PlotAxis("y"), series: []), caption: "<fig>")
    report.picture(png: Data([1, 2, 3]), caption: "pixels")
    report.list(["한국어"])
    return report
  }

  @Test func everythingIsEscapedAndSelfContained() {
    let html = report.html
    #expect(!html.contains("<script") && html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"))
    #expect(html.contains("<title>A &lt;report&gt; &amp; more</title>"))
    #expect(html.contains("<td>&quot;flow&quot;</td><td class=\"figure\">83 %</td>"))
    #expect(html.contains("src=\"data:image/png;base64,AQID\""))
    #expect(html.contains("<li>한국어</li>"))
    let links = html.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
    #expect(!links.contains("http"), "nothing is fetched from elsewhere")
  }

  @Test func theBodyIsWellFormed() throws {
    let html = report.html
    let start = try #require(html.range(of: "<main>"))
    let end = try #require(html.range(of: "</main>"))
    let body = html[start.lowerBound..<end.upperBound].replacingOccurrences(
      of: "base64,AQID\">", with: "base64,AQID\"/>")
    #expect(elements(String(body)) != nil)
  }

  @Test func writes() throws {
    let folder = temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("report.html")
    try report.write(to: url)
    #expect(try String(contentsOf: url, encoding: .utf8) == report.html)
  }
}
