// Lays the panel out from top to bottom and draws it; remembers what can be clicked.

import PlanarCore
import PlanarSceneDrawing

/// What a click in the panel means.
struct HitRegion {
  var rectangle: PixelRectangle
  var event: Event
}

/// Draws one panel into one rectangle of the window.
struct PanelPainter {
  let canvas: Canvas
  let palette: Palette
  let area: PixelRectangle
  /// px per point
  let scale: Double
  /// Where the pointer is, px.
  let pointer: Vec2
  /// How far the items are scrolled up, px.
  let scroll: Double
  private var y = 0.0
  /// How far the items can be scrolled up, px.
  private(set) var reach = 0.0
  private(set) var hits: [HitRegion] = []
  /// Where the sliders' bars are, by their ids.
  private(set) var sliders: [(id: String, bar: PixelRectangle)] = []

  init(
    canvas: Canvas, palette: Palette, area: PixelRectangle, scale: Double, pointer: Vec2, scroll: Double = 0
  ) {
    self.canvas = canvas
    self.palette = palette
    self.area = area
    self.scale = scale
    self.pointer = pointer
    self.scroll = scroll
  }

  private var left: Double { area.min.x + Theme.margin * scale }
  private var right: Double { area.max.x - Theme.margin * scale }

  mutating func paint(_ panel: PanelModel) {
    canvas.setClip(area)
    canvas.fill(area, color: palette.panel)
    canvas.fill(
      PixelRectangle(x: area.min.x, y: area.min.y, width: scale.rounded(), height: area.height),
      color: palette.hairline)
    y = area.min.y + (Theme.margin + 9) * scale - scroll
    line(panel.title, size: Theme.titleSize, color: palette.ink, weight: .bold)
    if !panel.subtitle.isEmpty {
      y += 22 * scale
      line(panel.subtitle, size: Theme.bodySize, color: palette.quiet)
    }
    y += 14 * scale
    for item in panel.items { paint(item) }
    reach = max(0, y + scroll + Theme.margin * scale - area.max.y)
    if reach > 0 { paintScrollBar() }
    paintFoot(panel.hints)
    canvas.setClip(nil)
  }

  /// How much of the panel is seen, and where.
  private func paintScrollBar() {
    let shown = area.height / (area.height + reach)
    let bar = PixelRectangle(
      x: area.max.x - 7 * scale, y: area.min.y + scroll * shown, width: 4 * scale, height: area.height * shown)
    canvas.fill(bar, radius: 2 * scale, color: palette.faint)
  }

  /// Draws one line with its capitals' middle at `y`.
  private func line(_ text: String, size: Double, color: Color, weight: TextWeight = .regular) {
    canvas.text(text, at: Vec2(left, y), size: size * scale, color: color, weight: weight)
  }

  private mutating func paint(_ item: PanelItem) {
    switch item {
    case .heading(let text):
      y += (Theme.gap + 8) * scale
      line(text, size: Theme.smallSize, color: palette.quiet, weight: .bold)
      y += 12 * scale
    case .readings(let readings):
      for reading in readings { paint(reading) }
    case .choices(let choices):
      for choice in choices { paint(choice) }
    case .switches(let switches):
      for item in switches { paint(item) }
    case .sliders(let sliders):
      for slider in sliders { paint(slider) }
    case .plot(let plot): paint(plot)
    case .field(let field, let placeholder):
      paint(field, placeholder: placeholder)
    case .paragraph(let text, let lines): paintParagraph(text, room: lines)
    case .message(let text, let tone, let lines): paintMessage(text, tone: tone, room: lines)
    }
  }

  private mutating func paintParagraph(_ text: String, room: Int) {
    let size = 14 * scale
    let lines = wrapped(text, limit: right - left) { canvas.width(of: $0, size: size) }
    for line in lines {
      y += 11 * scale
      canvas.text(line, at: Vec2(left, y), size: size, color: palette.ink)
      y += 11 * scale
    }
    y += (22 * Double(max(0, room - lines.count)) + 8) * scale
  }

  private mutating func paint(_ reading: Reading) {
    y += 11 * scale
    line(reading.label, size: Theme.bodySize, color: palette.quiet)
    canvas.text(
      reading.value, at: Vec2(right, y), size: Theme.bodySize * scale, color: palette.ink,
      anchor: .trailing)
    y += 11 * scale
  }

  private mutating func paint(_ choice: Choice) {
    let row = PixelRectangle(
      x: left - 10 * scale, y: y, width: right - left + 20 * scale, height: 28 * scale)
    if choice.isChosen {
      canvas.fill(row, radius: 7 * scale, color: palette.chosenRow)
    } else if choice.isEnabled, row.contains(pointer) {
      canvas.fill(row, radius: 7 * scale, color: palette.pointedRow)
    }
    let middle = row.center.y
    let dot = PixelRectangle(x: left, y: middle - 4 * scale, width: 8 * scale, height: 8 * scale)
    if choice.isChosen {
      canvas.fill(dot, radius: 4 * scale, color: palette.accent)
    } else if choice.isEnabled {
      canvas.outline(dot, radius: 4 * scale, color: palette.faint, width: 1.2 * scale)
    }
    let width = canvas.text(
      choice.label, at: Vec2(left + 18 * scale, middle), size: Theme.bodySize * scale,
      color: choice.isChosen ? palette.accent : choice.isEnabled ? palette.ink : palette.quiet,
      weight: choice.isChosen ? .bold : .regular)
    paintEnd(detail: choice.detail, key: choice.key, from: left + 26 * scale + width, middle: middle)
    if choice.isEnabled { hits.append(HitRegion(rectangle: row, event: .choiceClicked(choice.id))) }
    y += 29 * scale
  }

  private mutating func paint(_ item: Switch) {
    let row = PixelRectangle(
      x: left - 10 * scale, y: y, width: right - left + 20 * scale, height: 24 * scale)
    if row.contains(pointer) { canvas.fill(row, radius: 7 * scale, color: palette.pointedRow) }
    let middle = row.center.y
    let slot = PixelRectangle(x: left - 4 * scale, y: middle - 5 * scale, width: 18 * scale, height: 10 * scale)
    canvas.fill(slot, radius: 5 * scale, color: item.isOn ? palette.accent : palette.faint)
    let knob = PixelRectangle(
      x: item.isOn ? slot.max.x - 9 * scale : slot.min.x + scale, y: slot.min.y + scale, width: 8 * scale,
      height: 8 * scale)
    canvas.fill(knob, radius: 4 * scale, color: palette.panel)
    let width = canvas.text(
      item.label, at: Vec2(left + 20 * scale, middle), size: Theme.bodySize * scale, color: palette.ink)
    paintEnd(detail: item.detail, key: item.key, from: left + 28 * scale + width, middle: middle)
    hits.append(HitRegion(rectangle: row, event: .switchClicked(item.id)))
    y += 25 * scale
  }

  /// The end of a row: a quieter word, where there is room for all of it, and the key.
  private func paintEnd(detail: String, key: String, from x: Double, middle: Double) {
    let size = Theme.smallSize * scale
    var end = right
    if !key.isEmpty {
      let cap = KeyCap(canvas: canvas, palette: palette, scale: scale)
      end -= cap.width(of: key)
      cap.draw(key, x: end, middle: middle)
    }
    guard x + canvas.width(of: detail, size: size) + 6 * scale < end else { return }
    canvas.text(detail, at: Vec2(x, middle), size: size, color: palette.quiet)
  }

  private mutating func paint(_ slider: Slider) {
    y += 11 * scale
    line(slider.label, size: Theme.bodySize, color: palette.quiet)
    let color = slider.isSet ? palette.accent : palette.ink
    canvas.text(
      slider.text, at: Vec2(right, y), size: Theme.smallSize * scale, color: color,
      weight: slider.isSet ? .bold : .regular, anchor: .trailing)
    let bar = PixelRectangle(
      x: left + 128 * scale, y: y - 2 * scale, width: right - left - 200 * scale, height: 4 * scale)
    canvas.fill(bar, radius: 2 * scale, color: palette.hairline)
    let knob = PixelRectangle(
      x: bar.min.x + slider.share * bar.width - 6 * scale, y: y - 6 * scale, width: 12 * scale, height: 12 * scale)
    canvas.fill(knob, radius: 6 * scale, color: slider.isSet ? palette.accent : palette.faint)
    sliders.append((slider.id, bar))
    y += 12 * scale
  }

  private mutating func paint(_ plot: Plot) {
    paint(Reading(plot.label, plot.text))
    let axis = 40 * scale
    let box = PixelRectangle(
      x: left + axis, y: y + 4 * scale, width: right - left - axis, height: 52 * scale)
    canvas.fill(box, radius: 3 * scale, color: palette.field)
    canvas.outline(box, radius: 3 * scale, color: palette.hairline, width: scale)
    for (text, height) in [(plot.high, box.min.y + 6 * scale), (plot.low, box.max.y - 6 * scale)] {
      canvas.text(
        text, at: Vec2(box.min.x - 6 * scale, height), size: 9.5 * scale, color: palette.quiet, anchor: .trailing)
    }
    let inner = box.inset(by: 4 * scale)
    for mark in plot.marks {
      canvas.fill(
        PixelRectangle(x: inner.min.x + mark * inner.width, y: box.min.y, width: scale, height: box.height),
        color: palette.faint)
    }
    let points = plot.points.map { point in
      Vec2(
        inner.min.x + min(max(point.x, 0), 1) * inner.width, inner.max.y - min(max(point.y, 0), 1) * inner.height)
    }
    if points.count > 1 { canvas.mesh.addLine(points, width: 1.8 * scale, color: palette.accent) }
    if let last = points.last {
      canvas.fill(
        PixelRectangle(x: last.x - 3 * scale, y: last.y - 3 * scale, width: 6 * scale, height: 6 * scale),
        radius: 3 * scale, color: palette.accent)
    }
    y = box.max.y + 6 * scale
  }

  private mutating func paint(_ field: TextField, placeholder: String) {
    let box = PixelRectangle(x: left, y: y, width: right - left, height: 38 * scale)
    canvas.fill(box, radius: 7 * scale, color: palette.field)
    canvas.outline(
      box, radius: 7 * scale, color: field.isFocused ? palette.accent : palette.hairline,
      width: (field.isFocused ? 1.6 : 1) * scale)
    hits.append(HitRegion(rectangle: box, event: .fieldClicked))
    let size = 13 * scale
    let inner = PixelRectangle(
      x: box.min.x + 11 * scale, y: box.min.y, width: box.width - 22 * scale, height: box.height)
    canvas.setClip(inner)
    let caret = canvas.width(of: field.textBeforeCaret, size: size)
    let shift = max(0, caret - inner.width + 2 * scale)
    let start = Vec2(inner.min.x - shift, box.center.y)
    if field.text.isEmpty && !field.isFocused {
      canvas.text(placeholder, at: start, size: size, color: palette.quiet)
    }
    if field.isAllSelected {
      let width = canvas.width(of: field.text, size: size)
      canvas.fill(
        PixelRectangle(x: start.x, y: box.center.y - 10 * scale, width: width, height: 20 * scale),
        color: palette.selection)
    }
    canvas.text(field.text, at: start, size: size, color: palette.ink)
    if field.isFocused {
      let bar = PixelRectangle(
        x: (start.x + caret).rounded(), y: (box.center.y - 9 * scale).rounded(),
        width: max(1, (1.5 * scale).rounded()), height: (18 * scale).rounded())
      canvas.fill(bar, color: palette.accent)
    }
    canvas.setClip(area)
    y = box.max.y + 6 * scale
  }

  private mutating func paintMessage(_ text: String, tone: Tone, room: Int) {
    let color = palette.color(of: tone)
    let size = 12 * scale
    let lines = wrapped(text, limit: right - left - 14 * scale) {
      canvas.width(of: $0, size: size)
    }
    let pitch = 18 * scale
    y += 4 * scale
    let bar = PixelRectangle(
      x: left, y: y + 2 * scale, width: 3 * scale, height: Double(lines.count) * pitch - 4 * scale)
    canvas.fill(bar, radius: 1.5 * scale, color: color.opacity(0.75))
    for line in lines {
      canvas.text(line, at: Vec2(left + 14 * scale, y + pitch / 2), size: size, color: color)
      y += pitch
    }
    y += pitch * Double(max(0, room - lines.count)) + 6 * scale
  }

  private func paintFoot(_ hints: [KeyHint]) {
    let pitch = 26 * scale
    let rows = (hints.count + 1) / 2
    let top = area.max.y - Theme.margin * scale - Double(rows) * pitch
    // What the items already fill is not drawn over; the last hint, which leads to all others, has room beside the title.
    guard !hints.isEmpty, top > y + Theme.gap * scale else { return paintBesideTitle(hints.last) }
    canvas.fill(
      PixelRectangle(x: left, y: top - 10 * scale, width: right - left, height: scale.rounded()),
      color: palette.hairline)
    for (index, hint) in hints.enumerated() {
      let x = index % 2 == 0 ? left : (left + right) / 2
      let middle = top + (Double(index / 2) + 0.5) * pitch + 4 * scale
      let cap = KeyCap(canvas: canvas, palette: palette, scale: scale).draw(hint.key, x: x, middle: middle)
      canvas.text(
        hint.meaning, at: Vec2(x + cap + 8 * scale, middle), size: Theme.smallSize * scale,
        color: palette.quiet)
    }
  }

  private func paintBesideTitle(_ hint: KeyHint?) {
    guard let hint else { return }
    let middle = area.min.y + (Theme.margin + 9) * scale - scroll
    let size = Theme.smallSize * scale
    let width = canvas.width(of: hint.meaning, size: size)
    canvas.text(hint.meaning, at: Vec2(right, middle), size: size, color: palette.quiet, anchor: .trailing)
    let cap = KeyCap(canvas: canvas, palette: palette, scale: scale)
    cap.draw(hint.key, x: right - width - cap.width(of: hint.key) - 8 * scale, middle: middle)
  }
}

/// A small picture of a key.
struct KeyCap {
  let canvas: Canvas
  let palette: Palette
  let scale: Double
  /// In points.
  var height = 20.0

  /// How wide a key is, px.
  func width(of key: String) -> Double {
    max(20 * scale, canvas.width(of: key, size: Theme.smallSize * scale) + 12 * scale)
  }

  /// Draws the key and returns its width, px.
  @discardableResult
  func draw(_ key: String, x: Double, middle: Double) -> Double {
    let size = Theme.smallSize * scale
    let width = width(of: key)
    let box = PixelRectangle(x: x, y: middle - height / 2 * scale, width: width, height: height * scale)
    canvas.fill(box, radius: 5 * scale, color: palette.field)
    canvas.outline(box, radius: 5 * scale, color: palette.hairline, width: scale)
    canvas.text(key, at: box.center, size: size, color: palette.ink, anchor: .center)
    return width
  }
}
