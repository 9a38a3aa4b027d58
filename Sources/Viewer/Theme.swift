// The window's colours and sizes, in one place.

import PlanarSceneDrawing

/// Calm and light: the table is the picture, the rest is paper.
enum Theme {
  static let surround = Color(hex: 0xe7e5e1)
  static let tableEdge = Color(hex: 0x3a3630, alpha: 0.18)
  static let shadow = Color(hex: 0x2a2620, alpha: 0.22)
  static let panel = Color(hex: 0xfaf9f7)
  static let hairline = Color(hex: 0xdfdcd6)
  static let field = Color.white
  static let ink = Color(hex: 0x26282c)
  static let quiet = Color(hex: 0x5f6267)
  static let faint = Color(hex: 0x9a9da1)
  static let accent = Color(hex: 0x2b64a8)
  static let good = Color(hex: 0x2f7d4f)
  static let bad = Color(hex: 0xb0412f)
  /// Of the curves along the bar of time.
  static let curves = [bad, Color(hex: 0x0b6b78), Color(hex: 0x6a3fb5), Color(hex: 0x7a5a00)]
  static let veil = Color(hex: 0x2a2620, alpha: 0.28)

  static func color(of tone: Tone) -> Color {
    switch tone {
    case .neutral: quiet
    case .good: good
    case .bad: bad
    }
  }

  /// Sizes in points; a point is a pixel on plain displays and more on dense ones.
  static let panelWidth = 336.0
  static let margin = 24.0
  static let gap = 13.0
  static let titleSize = 19.0
  static let bodySize = 12.5
  static let smallSize = 11.0
}
