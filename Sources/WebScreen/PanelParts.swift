// The panel as parts of a page's frame: one for each block, so that what stays is not sent again.

import Foundation
import PlanarSceneDrawing
import PlanarViewer

/// Makes panels into parts, and remembers the last one.
struct PanelParts {
  private var panel: PanelModel?
  private var commandsTaken = -1
  private(set) var parts: [String: String] = [:]

  /// The parts of a panel.
  ///
  /// - Parameter commandsTaken: how many commands pages have given, which tells a page that its own was read.
  mutating func update(_ next: PanelModel, commandsTaken: Int) {
    let items = panel?.items
    let isField = { (item: PanelItem) in if case .field = item { true } else { false } }
    for (place, item) in next.items.enumerated()
    where items.map({ $0.indices.contains(place) ? $0[place] : nil }) != item
      || commandsTaken != self.commandsTaken && isField(item)
    {
      parts["item\(place)"] = json(PageItem(item, commandsTaken: commandsTaken))
    }
    for place in next.items.count..<max(next.items.count, items?.count ?? 0) { parts["item\(place)"] = nil }
    parts["count"] = String(next.items.count)
    parts["title"] = jsonText(next.title)
    parts["subtitle"] = jsonText(next.subtitle)
    if panel?.hints != next.hints { parts["hints"] = json(next.hints.compactMap(PageHint.init)) }
    if panel?.card != next.card { parts["card"] = next.card.map { json(PageCard($0)) } }
    if panel?.banner != next.banner { parts["banner"] = next.banner.map { json(PageBanner($0)) } }
    if panel?.timeline != next.timeline { parts["timeline"] = next.timeline.map { json(PageTimeline($0)) } }
    parts["badge"] = next.badge.map { jsonText($0) }
    panel = next
    self.commandsTaken = commandsTaken
  }

  private func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: (try? encoder.encode(value)) ?? Data("null".utf8), as: UTF8.self)
  }
}

/// One block.
private struct PageItem: Encodable {
  struct Row: Encodable {
    var id: String?
    var label: String
    var detail: String
    var key: String?
    var isOn: Bool?
    /// Of what can be chosen, whether it can now.
    var isEnabled: Bool?
    /// Of a slider, 0 to 1.
    var share: Double?
  }

  var kind: String
  var text: String?
  var tone: String?
  var lines: Int?
  var placeholder: String?
  var rows: [Row]?
  var commands: Int?
  /// Of a curve: across and up by turns, 0 to 1.
  var points: [Double]?
  var marks: [Double]?
  var low: String?
  var high: String?

  init(_ item: PanelItem, commandsTaken: Int) {
    switch item {
    case .heading(let text): (kind, self.text) = ("heading", PageKeys.words(text))
    case .paragraph(let text, let lines): (kind, self.text, self.lines) = ("paragraph", text, lines)
    case .message(let text, let tone, let lines):
      (kind, self.text, self.tone, self.lines) = ("message", PageKeys.words(text), tone.name, lines)
    case .field(let field, let placeholder):
      (kind, text, self.placeholder, commands) = ("field", field.text, placeholder, commandsTaken)
    case .readings(let readings):
      kind = "readings"
      rows = readings.map { Row(label: $0.label, detail: $0.value) }
    case .sliders(let sliders):
      kind = "sliders"
      rows = sliders.map {
        Row(id: $0.id, label: $0.label, detail: $0.text, isOn: $0.isSet, share: rounded($0.share))
      }
    case .plot(let plot):
      (kind, text, low, high) = ("plot", plot.label, plot.low, plot.high)
      rows = [Row(label: plot.label, detail: plot.text)]
      points = plot.points.flatMap { [rounded($0.x), rounded($0.y)] }
      marks = plot.marks.map(rounded)
    case .choices(let choices):
      kind = "choices"
      rows = choices.map {
        Row(
          id: $0.id, label: $0.label, detail: $0.detail, key: PageKeys.words($0.key), isOn: $0.isChosen,
          isEnabled: $0.isEnabled)
      }
    case .switches(let switches):
      kind = "switches"
      rows = switches.map {
        Row(id: $0.id, label: $0.label, detail: $0.detail, key: PageKeys.words($0.key), isOn: $0.isOn)
      }
    }
  }
}

/// To a thousandth.
private func rounded(_ share: Double) -> Double { (share * 1000).rounded() / 1000 }

private struct PageHint: Encodable {
  var key: String
  var meaning: String

  /// nil for keys that a page leaves to the browser.
  init?(_ hint: KeyHint) {
    guard hint.key != "Tab" else { return nil }
    (key, meaning) = (PageKeys.words(hint.key), PageKeys.words(hint.meaning))
  }
}

private struct PageCard: Encodable {
  var title: String
  var hints: [PageHint]
  var lines: [String]

  init(_ card: HelpCard) {
    title = card.title
    hints = card.hints.compactMap(PageHint.init)
    lines = card.lines.map(PageKeys.words)
  }
}

private struct PageBanner: Encodable {
  var text: String
  var detail: String
  var tone: String
  var share: Double?

  init(_ banner: Banner) {
    (text, detail, tone, share) = (banner.text, PageKeys.words(banner.detail), banner.tone.name, banner.share)
  }
}

private struct PageTimeline: Encodable {
  var first: Int
  var last: Int
  var position: Int
  var end: Int
  var marks: [Int]
  var curves: [Curve]
  var label: String
  var detail: String

  init(_ timeline: TimelineModel) {
    first = timeline.steps.lowerBound
    last = timeline.steps.upperBound
    position = timeline.position
    end = timeline.end
    marks = timeline.marks.filter(timeline.steps.contains)
    curves = timeline.curves.map(Curve.init)
    (label, detail) = (timeline.label, timeline.detail)
  }

  struct Curve: Encodable {
    var label: String
    /// Steps and their figures, by turns.
    var points: [Double]
    var ink: Int

    init(_ curve: TimelineModel.Curve) {
      (label, ink) = (curve.label, curve.ink)
      points = curve.points.flatMap { [Double($0.step), ($0.value * 1000).rounded() / 1000] }
    }
  }
}

extension Tone {
  fileprivate var name: String {
    switch self {
    case .neutral: "neutral"
    case .good: "good"
    case .bad: "bad"
    }
  }
}
