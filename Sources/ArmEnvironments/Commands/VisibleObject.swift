// An object as words see it.

import PlanarCore

/// An object as words see it.
public struct VisibleObject: Hashable, Sendable {
  /// A value as in environment.yaml, such as `red`.
  public var colorName: String
  /// Such as `square`.
  public var shapeName: String
  /// The centre, m.
  public var position: Vec2

  /// An object as a command sees it; its position in m.
  public init(colorName: String, shapeName: String, position: Vec2) {
    self.colorName = colorName
    self.shapeName = shapeName
    self.position = position
  }

  /// Its colour and shape as a noun phrase.
  public var phrase: NounPhrase { NounPhrase(color: colorName, shape: shapeName) }
}
