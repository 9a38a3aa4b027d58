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
    // All pictures are of the first one's size.
    let height = height ?? picture.height(ofWidth: width)
    self.height = height
    if (image.width, image.height) != (width, height) { image = Image(width: width, height: height) }
    picture.draw(into: &image)
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
