// What of the world a picture shows.

/// The rectangle of the world that a picture's edges show, m.
public struct PictureArea: Codable, Hashable, Sendable {
  /// Where it begins, as a share of the picture's width.
  public var left: Float
  /// The greatest y: pictures are written from the top.
  public var top: Float
  /// Its width, as a share of the picture's.
  public var width: Float
  /// Its height, as a share of the picture's.
  public var height: Float

  /// An area in shares of a picture.
  public init(left: Float, top: Float, width: Float, height: Float) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
  }

  /// What the middle `rows` of a picture of `height` rows show.
  public func middle(rows: Int, of height: Int) -> PictureArea {
    let row = self.height / Float(height)
    return PictureArea(
      left: left, top: top - row * Float((height - rows) / 2), width: width,
      height: row * Float(rows))
  }
}
