// Table textures as functions of the position: stripes, and two patterns made of smooth noise.

import CPlanarLanes
import PlanarCore

/// How much of a texture's colour covers a point of the world, 0 … 1.
struct TextureField {
  private let pattern: Background.Texture.Pattern
  /// Coordinates along and across the pattern, in units of its size.
  private let cosine: Float
  private let sine: Float
  private let pixels: Float
  private let seed: UInt32

  /// - Parameter scale: px per m.
  init(_ texture: Background.Texture, scale: Float) {
    let rotation = Rotation(angle: texture.angle)
    pattern = texture.pattern
    cosine = Float(rotation.cosine / texture.size)
    sine = Float(rotation.sine / texture.size)
    pixels = Float(texture.size) * scale
    seed = texture.seed
  }

  @inline(__always)
  func amount(_ worldX: Lanes, _ worldY: Lanes) -> Lanes {
    let along: Lanes = worldX * cosine + worldY * sine
    let across: Lanes = worldY * cosine - worldX * sine
    switch pattern {
    case .stripes:
      return squareWave(across * 2, pixels: pixels / 2) * 0.5 + 0.5
    case .speckle:
      let coarse = smoothNoise(along, across, seed: seed)
      let fine = smoothNoise(along * 2.3, across * 2.3, seed: seed ^ 0x9e37_79b9)
      return ((coarse * 0.65 + fine * 0.35 - 0.45) * 4).limited(0, 1)
    case .wood:
      // Rings are nearly parallel lines, bent by slow noise; fibres are fast noise across them.
      let bend = smoothNoise(along * 0.08, across * 0.35, seed: seed)
      let ring: Lanes = across + bend * 3
      let phase: Lanes = ring - ring.floor
      let fibre = smoothNoise(along * 0.25, across * 6, seed: seed ^ 0x85eb_ca77)
      // Slowly darker, then back within an eighth of a ring.
      let profile = planar_lanes_minimum(phase * 1.15, (1 - phase) * 8)
      return (profile * profile * 0.75 + (fibre - 0.3) * 0.4).limited(0, 1)
    }
  }
}

/// Smooth noise in [0, 1): random numbers on whole coordinates, joined smoothly.
@inline(__always)
private func smoothNoise(_ x: Lanes, _ y: Lanes, seed: UInt32) -> Lanes {
  let left = x.floor
  let low = y.floor
  let u = eased(x - left)
  let v = eased(y - low)
  let column = wholeNumber(left) &* 0x9e37_79b1
  let row = wholeNumber(low) &* 0x85eb_ca77
  let nextColumn = column &+ 0x9e37_79b1
  let nextRow = row &+ 0x85eb_ca77
  let a = latticeValue(column ^ row ^ seed)
  let b = latticeValue(nextColumn ^ row ^ seed)
  let c = latticeValue(column ^ nextRow ^ seed)
  let d = latticeValue(nextColumn ^ nextRow ^ seed)
  let lower: Lanes = a + (b - a) * u
  let upper: Lanes = c + (d - c) * u
  return lower + (upper - lower) * v
}

@inline(__always)
private func eased(_ t: Lanes) -> Lanes { t * t * (3 - 2 * t) }

/// A whole number of magnitude below 2²² as bits; only differences matter.
@inline(__always)
private func wholeNumber(_ value: Lanes) -> SIMD16<UInt32> {
  unsafeBitCast(value + 0x1.8p23, to: SIMD16<UInt32>.self)
}

/// A number in [0, 1) that looks random.
@inline(__always)
private func latticeValue(_ bits: SIMD16<UInt32>) -> Lanes {
  let h = scrambled(bits)
  return unsafeBitCast((h &>> 9) | 0x3f80_0000, to: Lanes.self) - 1
}

/// Mixes 32 bits: the finalizer of Mueller's hash with Wellons' constants ("lowbias32").
@inline(__always)
func scrambled(_ bits: SIMD16<UInt32>) -> SIMD16<UInt32> {
  var h = bits
  h ^= h &>> 16
  h = h &* 0x7feb_352d
  h ^= h &>> 15
  h = h &* 0x846c_a68b
  h ^= h &>> 16
  return h
}
