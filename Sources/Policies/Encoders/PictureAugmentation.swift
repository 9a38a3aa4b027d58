// What is done to pictures in training, so that what is learned does not hang on one camera and one light.

import PlanarNeuralNetworks
import PlanarCore

/// Random changes of a training picture that leave its label as it is.
///
/// One draw a picture: the frames of a stack change alike, all but their noise. Shifts move things against the
/// positions that the label was made for (a pixel of 64 over the table is 11 mm), so their default is none; the
/// environment's own randomization moves the camera with less.
public struct PictureAugmentation: Defaulted, Hashable, Sendable {
  /// Everything at its default.
  public static var standard: PictureAugmentation { PictureAugmentation() }
  /// Most pixels that the picture is moved along each axis; edges are repeated.
  public var shift: Int
  /// Most that is added to all channels, in shares of full range.
  public var brightness: Float
  /// Most by which contrast about the middle grey is multiplied, 0.1 for 0.9 … 1.1.
  public var contrast: Float
  /// Most that is added to one channel, in shares of full range.
  public var color: Float
  /// Standard deviation of noise on every number, in shares of full range.
  public var noise: Float

  /// Shifts in px; the rest as shares of full range.
  public init(
    shift: Int = 0, brightness: Float = 0.05, contrast: Float = 0.1, color: Float = 0.03,
    noise: Float = 0.01
  ) {
    self.shift = shift
    self.brightness = brightness
    self.contrast = contrast
    self.color = color
    self.noise = noise
  }

  /// Pictures as they are.
  public static let none = PictureAugmentation(
    shift: 0, brightness: 0, contrast: 0, color: 0, noise: 0)

  /// - Throws: `UserError` naming the entry at fault.
  func validate() throws {
    guard (0...64).contains(shift) else {
      throw UserError("trunk.observation.pixels.augmentation.shift is \(shift); it must lie in 0 … 64")
    }
    for (name, value) in [
      ("brightness", brightness), ("contrast", contrast), ("color", color), ("noise", noise),
    ] where !(0...1).contains(value) {
      throw UserError("trunk.observation.pixels.augmentation.\(name) is \(value); it must lie in 0 … 1")
    }
  }
}

/// Bytes to numbers in about −1 … 1, changed by one draw of an augmentation.
struct PictureReader {
  private var rowShift = 0
  private var columnShift = 0
  private var gain = SIMD3<Float>(repeating: 1 / 127.5)
  private var offset = SIMD3<Float>(repeating: -1)
  private var noiseScale: Float = 0

  /// Leaves pictures as they are.
  init() {}

  /// Draws how one picture is changed: always the same number of draws.
  init(_ augmentation: PictureAugmentation, _ stream: inout RandomStream) {
    func draw(_ most: Float) -> Float { most * Float(stream.uniform(in: -1...1)) }
    let reach = 2 * augmentation.shift + 1
    rowShift = stream.integer(below: reach) - augmentation.shift
    columnShift = stream.integer(below: reach) - augmentation.shift
    let contrast = 1 + draw(augmentation.contrast)
    let brightness = draw(augmentation.brightness)
    let color = SIMD3<Float>(
      draw(augmentation.color), draw(augmentation.color), draw(augmentation.color))
    gain = SIMD3(repeating: contrast / 127.5)
    offset = 2 * (color + brightness) - contrast
    // The sum of four bytes that are uniform in 0 … 255 has a deviation of 147.8.
    noiseScale = 2 * augmentation.noise / 147.8
  }

  /// Writes a picture `[height, width, 3]` as every `stride`-th group of three numbers.
  ///
  /// - Parameter middle: how many rows of the middle are read.
  func read(
    _ source: UnsafePointer<UInt8>, height: Int, width: Int, middle: Int,
    to target: UnsafeMutablePointer<Float>, stride: Int, noise: inout RandomStream
  ) {
    let above = (height - middle) / 2
    for y in 0..<middle {
      let row = source + 3 * width * min(max(above + y + rowShift, 0), height - 1)
      var out = target + y * width * stride
      if columnShift == 0, noiseScale == 0 {
        var pixel = row
        for _ in 0..<width {
          out[0] = Float(pixel[0]) * gain.x + offset.x
          out[1] = Float(pixel[1]) * gain.y + offset.y
          out[2] = Float(pixel[2]) * gain.z + offset.z
          pixel += 3
          out += stride
        }
      } else {
        for x in 0..<width {
          let pixel = row + 3 * min(max(x + columnShift, 0), width - 1)
          var (a, b, c): (Float, Float, Float) = (0, 0, 0)
          if noiseScale != 0 {
            // Twelve bytes from two words: three sums of four.
            let (first, second) = (noise.next(), noise.next())
            a = Self.sum(UInt32(truncatingIfNeeded: first)) * noiseScale
            b = Self.sum(UInt32(truncatingIfNeeded: first >> 32)) * noiseScale
            c = Self.sum(UInt32(truncatingIfNeeded: second)) * noiseScale
          }
          out[0] = Float(pixel[0]) * gain.x + offset.x + a
          out[1] = Float(pixel[1]) * gain.y + offset.y + b
          out[2] = Float(pixel[2]) * gain.z + offset.z + c
          out += stride
        }
      }
    }
  }

  /// The sum of a word's bytes about its mean.
  @inline(__always)
  private static func sum(_ word: UInt32) -> Float {
    let pairs = (word & 0x00ff_00ff) &+ ((word >> 8) & 0x00ff_00ff)
    return Float(Int32(bitPattern: (pairs & 0xffff) &+ (pairs >> 16)) - 510)
  }
}
