// What a headless demo shows, as a moving picture.

import PlanarCore
import PlanarSceneDrawing

/// Puts the pictures of a demo's sessions into a film, each with a caption that tells the policy and the command.
public final class DemoFilm {
  /// How many times as fast as the episodes it plays.
  public let speed: Double
  private let width: Int
  private var height: Int?
  private let film: FilmFile
  private var image = Image(width: 1, height: 1)

  /// - Parameters:
  ///   - path: of the film's file, whose ending says its form; see `FilmFile`.
  ///   - width: px of a picture; its height follows from the table.
  ///   - speed: 1 plays in the episodes' own time.
  /// - Throws: as `FilmFile`.
  public init(to path: String, width: Int = 440, speed: Double = 2) throws {
    film = try FilmFile(path)
    self.width = width
    self.speed = speed
  }

  /// Appends what is shown now; at an episode's end, for a second.
  ///
  /// - Throws: `UserError` where the film cannot be written.
  func append(_ picture: DemoPicture) throws {
    let list = picture.scene
    var bounds = list.bounds
    // The caption's strip stands above the table, and text has room for the font's ascenders in it.
    let line = min(bounds.height * 0.055, bounds.width * 0.04)
    let strip = WorldRectangle(
      min: Vec2(bounds.min.x, bounds.max.y), max: Vec2(bounds.max.x, bounds.max.y + 1.8 * line))
    bounds.max.y = strip.max.y
    // All pictures are of the first one's size.
    let height = height ?? max(2, Int((Double(width) * bounds.height / bounds.width).rounded()))
    self.height = height
    let camera = Camera(bounds: bounds, width: width, height: height, letterbox: .white)
    let caption: [DrawItem] = [
      .polygon(strip.corners, fill: .white),
      .text(
        picture.command, at: Vec2(strip.min.x + 0.4 * line, strip.center.y),
        height: min(line, bounds.width * 0.96 / (0.56 * Double(max(1, picture.command.count)))), color: .black,
        anchor: .leading),
      .text(
        picture.driver, at: Vec2(strip.max.x - 0.4 * line, strip.center.y), height: 0.8 * line,
        color: Color(hex: 0x666666), anchor: .trailing),
    ]
    camera.render(list, overlay: picture.overlay + caption, into: &image)
    try film.append(image, seconds: picture.isOver ? 1 : picture.controlPeriod / speed)
  }

  /// Writes the film.
  ///
  /// - Throws: `UserError` where nothing was shown or the file cannot be written.
  public func finish() throws {
    guard !film.isEmpty else {
      throw UserError("the demo was stopped before its first picture: no film to write")
    }
    try film.finish()
  }
}
