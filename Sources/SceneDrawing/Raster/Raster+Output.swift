// From planes to bytes: rounding, sensor noise, bars.

import CPlanarLanes
import PlanarCore

extension Raster {
  /// Writes the picture between bars of `letterbox`, as `[height, width, channels]` bytes.
  ///
  /// - Parameters:
  ///   - channels: 3 for red, green, blue; 4 for an opacity of 255 after them.
  ///   - noise: standard deviation (0 … 255) and key of the sensor's noise, or nil.
  func write(
    to bytes: UnsafeMutablePointer<UInt8>, channels: Int, _ camera: Camera, noise: (deviation: Float, key: UInt32)?
  ) {
    let frame = camera.frame
    if frame.width < camera.width || frame.height < camera.height { fillBars(bytes, channels, camera) }
    for row in 0..<height {
      let start = bytes + ((frame.y + row) * camera.width + frame.x) * channels
      var column = 0
      while column < width {
        let index = row * stride + column
        var (r, g, b) = (red.lanes(at: index), red.lanes(at: index + planeSize), red.lanes(at: index + 2 * planeSize))
        if let noise {
          let first = UInt32(truncatingIfNeeded: 3 * (row * width + column))
          r += sensorNoise(first, noise.key) * noise.deviation
          g += sensorNoise(first &+ 1, noise.key) * noise.deviation
          b += sensorNoise(first &+ 2, noise.key) * noise.deviation
        }
        store(r, g, b, to: start + column * channels, channels: channels, count: min(16, width - column))
        column += 16
      }
    }
  }

  @inline(__always)
  private func store(
    _ r: Lanes, _ g: Lanes, _ b: Lanes, to bytes: UnsafeMutablePointer<UInt8>, channels: Int, count: Int
  ) {
    if channels == 3 {
      planar_lanes_store_rgb(r, g, b, bytes, Int32(count))
    } else {
      planar_lanes_store_rgba(r, g, b, bytes, Int32(count))
    }
  }

  private func fillBars(_ bytes: UnsafeMutablePointer<UInt8>, _ channels: Int, _ camera: Camera) {
    let color = Paint(camera.letterbox).base + 0.5
    for pixel in 0..<camera.width * camera.height {
      for channel in 0..<3 { bytes[pixel * channels + channel] = UInt8(color[channel]) }
      if channels == 4 { bytes[pixel * 4 + 3] = 255 }
    }
  }
}

/// Noise of mean 0 and deviation 1 for every third number from `first` on: the sum of four random bytes, which is
/// bell-shaped within ±3.5.
@inline(__always)
private func sensorNoise(_ first: UInt32, _ key: UInt32) -> Lanes {
  let thirds = SIMD16<UInt32>(0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 42, 45)
  let h = scrambled((thirds &+ first) &* 0x9e37_79b9 &+ key)
  let pairs = (h & 0x00ff_00ff) &+ ((h &>> 8) & 0x00ff_00ff)
  let sum = (pairs & 0xffff) &+ (pairs &>> 16)
  // A whole number below 2²³ as the last bits of 2²³ + that number.
  let value: Lanes = unsafeBitCast(sum | 0x4b00_0000, to: Lanes.self) - (0x1p23 + 510)
  // Variance of one byte: (256² − 1)/12.
  return value * 0.006_765_876
}
