// Colours that differ a little from a given one.

import PlanarCore
import PlanarSceneDrawing

extension Color {
  /// This colour moved by at most `amount` per channel, and still nearest to its own among a palette.
  func varied(
    by amount: Double, among palette: [Color], using random: inout RandomStream
  ) -> Color {
    while true {
      let candidate = shifted(by: amount, using: &random)
      let own = candidate.squaredDistance(to: self)
      if palette.allSatisfy({ $0 == self || candidate.squaredDistance(to: $0) > own }) {
        return candidate
      }
    }
  }

  /// Each channel moved by at most `amount`.
  func shifted(by amount: Double, using random: inout RandomStream) -> Color {
    func move(_ channel: Float) -> Float {
      min(max(channel + Float(random.uniform(in: -amount...amount)), 0), 1)
    }
    return Color(red: move(red), green: move(green), blue: move(blue))
  }

  private func squaredDistance(to other: Color) -> Float {
    let r = red - other.red
    let g = green - other.green
    let b = blue - other.blue
    return r * r + g * g + b * b
  }
}
