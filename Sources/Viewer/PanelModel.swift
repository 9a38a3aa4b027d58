// What stands beside and above the scene, as values; the window lays it out.

import PlanarSceneDrawing

/// The panel: a title, then items from top to bottom; key hints stand at its foot.
public struct PanelModel: Equatable, Sendable {
  /// The large line at the top.
  public var title: String
  /// The quieter line below it; empty for none.
  public var subtitle: String
  /// The blocks, from top to bottom.
  public var items: [PanelItem]
  /// Shown at the foot, two in a row.
  public var hints: [KeyHint]
  /// A card over the scene, such as the list of all keys; nil shows none.
  public var card: HelpCard?
  /// A large line above the scene; nil leaves the scene its room.
  public var banner: Banner?
  /// A bar below the scene on which a person moves through time; nil leaves the scene its room.
  public var timeline: TimelineModel?

  /// A red dot with these words over the scene, such as while a film is made; pictures of the window are without it.
  public var badge: String?

  /// A panel; all but its title may be left out.
  public init(
    title: String, subtitle: String = "", items: [PanelItem] = [], hints: [KeyHint] = [],
    card: HelpCard? = nil, banner: Banner? = nil, timeline: TimelineModel? = nil
  ) {
    self.title = title
    self.subtitle = subtitle
    self.items = items
    self.hints = hints
    self.card = card
    self.banner = banner
    self.timeline = timeline
  }
}

/// One block of the panel.
public enum PanelItem: Equatable, Sendable {
  /// A small heading above a group.
  case heading(String)
  /// Labels with values, one a line.
  case readings([Reading])
  /// Rows of which one is chosen; a click on one gives `Event.choiceClicked(id)`.
  case choices([Choice])
  /// Rows that are on or off, each by itself; a click on one gives `Event.switchClicked(id)`.
  case switches([Switch])
  /// Values on scales; a click or a drag on one gives `Event.slid(id, share)`.
  case sliders([Slider])
  /// A curve that grows.
  case plot(Plot)
  /// The editable line; a click gives `Event.fieldClicked`.
  case field(TextField, placeholder: String)
  /// Plain text, wrapped at the panel's width, in the room of so many lines where it has fewer.
  case paragraph(String, lines: Int = 1)
  /// A sentence, wrapped at the panel's width, in the room of so many lines where it has fewer.
  case message(String, tone: Tone, lines: Int = 1)
}

/// The feeling of a sentence, shown by its colour.
public enum Tone: Hashable, Sendable {
  /// Neither good nor bad, or one of them.
  case neutral, good, bad
}

/// A figure with its name.
public struct Reading: Equatable, Sendable {
  /// What the figure is.
  public var label: String
  /// The figure, with its unit.
  public var value: String

  /// A figure with its name.
  public init(_ label: String, _ value: String) {
    self.label = label
    self.value = value
  }
}

/// One row of a group of choices.
public struct Choice: Equatable, Sendable {
  /// What `Event.choiceClicked` carries.
  public var id: String
  /// What the row says.
  public var label: String
  /// A quieter word at the row's end.
  public var detail: String
  /// The key that chooses it; empty for none.
  public var key: String
  /// Whether this is the row in force; it is drawn as chosen.
  public var isChosen: Bool
  /// Whether it can be chosen; else it is quieter.
  public var isEnabled: Bool

  /// A row that a click, or its key, chooses.
  public init(
    id: String, label: String, detail: String = "", key: String = "", isChosen: Bool, isEnabled: Bool = true
  ) {
    self.isEnabled = isEnabled
    self.id = id
    self.label = label
    self.detail = detail
    self.key = key
    self.isChosen = isChosen
  }
}

/// A row that is on or off.
public struct Switch: Equatable, Sendable {
  /// What `Event.switchClicked` carries.
  public var id: String
  /// What the row says.
  public var label: String
  /// A quieter word at the row's end, such as a figure.
  public var detail: String
  /// The key that switches it; empty for none.
  public var key: String
  /// Whether it is on.
  public var isOn: Bool

  /// A row that a click, or its key, switches.
  public init(id: String, label: String, detail: String = "", key: String = "", isOn: Bool) {
    self.id = id
    self.label = label
    self.detail = detail
    self.key = key
    self.isOn = isOn
  }
}

/// A curve of one figure.
public struct Plot: Equatable, Sendable {
  /// A place on the plot, both numbers 0 to 1.
  public struct Point: Equatable, Sendable {
    /// From the left.
    public var x: Double
    /// From the bottom.
    public var y: Double

    /// A place on the plot.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// What the figure is.
  public var label: String
  /// Its newest value, with its unit.
  public var text: String
  /// From left to right.
  public var points: [Point]
  /// What stands at the axis' lower and upper end.
  public var low, high: String
  /// Places along the way that are marked by lines, 0 to 1.
  public var marks: [Double]

  /// A curve of one figure.
  public init(label: String, text: String, points: [Point], low: String, high: String, marks: [Double] = []) {
    self.label = label
    self.text = text
    self.points = points
    self.low = low
    self.high = high
    self.marks = marks
  }
}

/// A value on a scale.
public struct Slider: Equatable, Sendable {
  /// What `Event.slid` carries.
  public var id: String
  /// What the value is.
  public var label: String
  /// The value with its unit.
  public var text: String
  /// Where it stands, 0 to 1.
  public var share: Double
  /// Whether it was set by hand; it is drawn as such.
  public var isSet: Bool

  /// A value on a scale that a click or a drag sets.
  public init(id: String, label: String, text: String, share: Double, isSet: Bool = false) {
    self.id = id
    self.label = label
    self.text = text
    self.share = share
    self.isSet = isSet
  }
}

/// A key and what it does.
public struct KeyHint: Equatable, Sendable {
  /// The key as it is printed on a keyboard.
  public var key: String
  /// What the key does, in a few words.
  public var meaning: String

  /// A key and what it does.
  public init(_ key: String, _ meaning: String) {
    self.key = key
    self.meaning = meaning
  }
}

/// A large line above the scene, for what a person who looks at the scene must not miss.
public struct Banner: Equatable, Sendable {
  /// The large line.
  public var text: String
  /// A quieter line below it.
  public var detail: String
  /// The detail's feeling.
  public var tone: Tone
  /// A bar under the lines, 0 to 1 of the scene's width, such as the time left; nil draws none.
  public var share: Double?

  /// A banner with an optional second line and an optional bar.
  public init(text: String, detail: String = "", tone: Tone = .neutral, share: Double? = nil) {
    self.text = text
    self.detail = detail
    self.tone = tone
    self.share = share
  }
}

/// A picture of few pixels, shown beside the scene with sharp edges, such as a camera's.
public struct SidePicture: Equatable, Sendable {
  /// The picture, drawn without smoothing.
  public var image: Image
  /// The line below it.
  public var caption: String

  /// A picture with a line below it.
  public init(image: Image, caption: String) {
    self.image = image
    self.caption = caption
  }
}

/// A card in the middle of the scene: a title, key hints, and closing lines.
public struct HelpCard: Equatable, Sendable {
  /// The line at the top.
  public var title: String
  /// The keys, one a row.
  public var hints: [KeyHint]
  /// Plain lines below the keys.
  public var lines: [String]

  /// A card of key hints.
  public init(title: String, hints: [KeyHint], lines: [String] = []) {
    self.title = title
    self.hints = hints
    self.lines = lines
  }
}
