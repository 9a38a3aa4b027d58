// The window's colours and sizes, in one place.

import PlanarSceneDrawing

/// How the window looks around the scene, which looks the same in all of them.
public enum WindowTheme: String, CaseIterable, Hashable, Sendable {
  /// The table is the picture, the rest is paper.
  case light
  /// The rest is slate, for dim rooms.
  case dark

  /// The other one.
  public var other: WindowTheme { self == .light ? .dark : .light }

  /// Its colours.
  package var palette: Palette { self == .light ? .light : .dark }
}

/// The colours of a theme.
package struct Palette: Equatable, Sendable {
  /// Around the scene.
  package var surround: Color
  /// Around the table.
  package var tableEdge: Color
  /// Below the table and cards.
  package var shadow: Color
  /// Below everything in the panel and on cards.
  package var panel: Color
  /// Lines that part things, and the grooves of bars.
  package var hairline: Color
  /// Below what is typed, curves and keys.
  package var field: Color
  /// Words that matter.
  package var ink: Color
  /// Words that explain.
  package var quiet: Color
  /// Knobs and rings that are not in force.
  package var faint: Color
  /// What is in force.
  package var accent: Color
  /// What went well.
  package var good: Color
  /// What did not.
  package var bad: Color
  /// Of the curves along the bar of time, besides that of errors.
  package var otherCurves: [Color]
  /// Over everything that a card covers.
  package var veil: Color
  /// The row that is in force, and the one under the pointer, over the panel.
  package var chosenRow, pointedRow: Color
  /// What is selected in the field.
  package var selection: Color

  package static let light = Palette(
    surround: Color(hex: 0xe7e5e1), tableEdge: Color(hex: 0x3a3630, alpha: 0.18),
    shadow: Color(hex: 0x2a2620, alpha: 0.22), panel: Color(hex: 0xfaf9f7), hairline: Color(hex: 0xdfdcd6),
    field: .white, ink: Color(hex: 0x26282c), quiet: Color(hex: 0x5c5f64), faint: Color(hex: 0x8a8d92),
    accent: Color(hex: 0x2b64a8), good: Color(hex: 0x2a7146), bad: Color(hex: 0xa93a28),
    otherCurves: [Color(hex: 0x0b6b78), Color(hex: 0x6a3fb5), Color(hex: 0x7a5a00)],
    veil: Color(hex: 0x2a2620, alpha: 0.28), chosenRow: Color(hex: 0x2b64a8, alpha: 0.11),
    pointedRow: Color(hex: 0x26282c, alpha: 0.05), selection: Color(hex: 0x2b64a8, alpha: 0.22))

  package static let dark = Palette(
    surround: Color(hex: 0x17181a), tableEdge: Color(hex: 0xffffff, alpha: 0.14),
    shadow: Color(hex: 0x000000, alpha: 0.5), panel: Color(hex: 0x212326), hairline: Color(hex: 0x3d4146),
    field: Color(hex: 0x141517), ink: Color(hex: 0xe9e7e3), quiet: Color(hex: 0xa8abb0), faint: Color(hex: 0x7c8187),
    accent: Color(hex: 0x7fb2ee), good: Color(hex: 0x6fc791), bad: Color(hex: 0xf0917a),
    otherCurves: [Color(hex: 0x5cc3d0), Color(hex: 0xb79cf0), Color(hex: 0xe0bf5c)],
    veil: Color(hex: 0x000000, alpha: 0.5), chosenRow: Color(hex: 0x7fb2ee, alpha: 0.16),
    pointedRow: Color(hex: 0xffffff, alpha: 0.06), selection: Color(hex: 0x7fb2ee, alpha: 0.3))

  /// Of the curves along the bar of time.
  var curves: [Color] { [bad] + otherCurves }

  package func color(of tone: Tone) -> Color {
    switch tone {
    case .neutral: quiet
    case .good: good
    case .bad: bad
    }
  }

  /// Every colour of words with what it stands on, from the undermost.
  package var words: [(name: String, ink: Color, grounds: [Color])] {
    [
      ("title", ink, [panel]), ("heading", quiet, [panel]), ("good message", good, [panel]),
      ("bad message", bad, [panel]), ("chosen row", accent, [panel, chosenRow]),
      ("detail of the chosen row", quiet, [panel, chosenRow]), ("row under the pointer", ink, [panel, pointedRow]),
      ("detail under the pointer", quiet, [panel, pointedRow]), ("set slider", accent, [panel]),
      ("typed text", ink, [field]), ("placeholder", quiet, [field]), ("selected text", ink, [field, selection]),
      ("key", ink, [field]), ("banner", ink, [surround]), ("banner's detail", quiet, [surround]),
      ("good banner", good, [surround]), ("bad banner", bad, [surround]), ("lane's title", accent, [surround]),
      ("curve's label", bad, [surround]), ("caption", quiet, [surround]),
    ] + otherCurves.map { ("another curve's label", $0, [surround]) }
  }
}

/// Sizes in points; a point is a pixel on plain displays and more on dense ones.
enum Theme {
  static let panelWidth = 336.0
  static let margin = 24.0
  static let gap = 13.0
  static let titleSize = 19.0
  static let bodySize = 12.5
  static let smallSize = 11.0
}
