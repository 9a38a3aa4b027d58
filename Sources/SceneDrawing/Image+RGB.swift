// Camera observations as pictures, and back.

extension Image {
  /// An opaque picture of `[height, width, 3]` bytes: red, green, blue, top row first.
  ///
  /// Programmer error where there are other than height × width × 3.
  public init(width: Int, height: Int, rgb: [UInt8]) {
    precondition(rgb.count == width * height * 3, "a picture holds height × width × 3 bytes")
    let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 4) { buffer, count in
      for pixel in 0..<width * height {
        for channel in 0..<3 { buffer[pixel * 4 + channel] = rgb[pixel * 3 + channel] }
        buffer[pixel * 4 + 3] = 255
      }
      count = width * height * 4
    }
    self.init(width: width, height: height, pixels: pixels)
  }

  /// Red, green, blue of each pixel, `[height, width, 3]`, whatever its opacity.
  public var rgb: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: width * height * 3) { buffer, count in
      for pixel in 0..<width * height {
        for channel in 0..<3 { buffer[pixel * 3 + channel] = pixels[pixel * 4 + channel] }
      }
      count = width * height * 3
    }
  }
}
