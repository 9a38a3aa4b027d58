// Many pictures on one page, with what they show written under them.

import CPlanarCairo
import PlanarCore

/// A page of pictures in sections: a title, then for each section a heading and a grid of captioned pictures.
///
/// ```
///   Title                      margin
///   subtitle
///
///   Heading  note
///   ┌──────┐ ┌──────┐ ┌──────┐
///   │      │ │      │ │      │ as many columns as given; all pictures as wide as `pictureWidth`
///   └──────┘ └──────┘ └──────┘
///   caption   caption  caption
///   detail             goes on
/// ```
public struct ContactSheet: Sendable {
  /// One picture.
  public struct Cell: Sendable {
    /// The picture, scaled to the sheet's `pictureWidth`.
    public var image: Image
    /// What it shows, dark; the first three lines are kept.
    public var caption: String
    /// More about it, smaller and grey; the first two lines are kept.
    public var detail: String

    /// A picture with a line below it, and a quieter second one.
    public init(_ image: Image, caption: String, detail: String = "") {
      self.image = image
      self.caption = caption
      self.detail = detail
    }
  }

  /// Pictures that belong together.
  public struct Section: Sendable {
    /// The line above the grid.
    public var heading: String
    /// Behind the heading, grey.
    public var note: String
    /// The pictures, row by row.
    public var cells: [Cell]

    /// A grid of pictures under a heading.
    public init(_ heading: String, note: String = "", cells: [Cell]) {
      self.heading = heading
      self.note = note
      self.cells = cells
    }
  }

  /// The large line at the top.
  public var title: String
  /// The quieter line below it.
  public var subtitle: String
  /// The groups of pictures, from top to bottom.
  public var sections: [Section]
  /// Pictures in a row.
  public var columns: Int
  /// px; pictures of another width are scaled, to larger ones without smoothing, so that pixels stay visible.
  public var pictureWidth: Int

  /// Programmer error where `columns` or `pictureWidth` is not positive.
  public init(
    title: String, subtitle: String = "", sections: [Section], columns: Int = 8, pictureWidth: Int = 192
  ) {
    precondition(columns > 0 && pictureWidth > 0, "a contact sheet has columns of some width")
    self.title = title
    self.subtitle = subtitle
    self.sections = sections
    self.columns = columns
    self.pictureWidth = pictureWidth
  }

  /// The page as a picture, `2·margin + columns·pictureWidth + gaps` px wide and as high as it needs.
  public func render() -> Image {
    // The first pass finds the height, the second draws.
    var height = 0.0
    _ = Image(width: 1, height: 1) { height = ContactSheetPainter(sheet: self, context: $0).paint() }
    return Image(width: Int(ContactSheetPainter.width(of: self)), height: Int(height.rounded(.up))) {
      _ = ContactSheetPainter(sheet: self, context: $0).paint()
    }
  }
}
