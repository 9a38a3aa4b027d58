// What an environment shows and accepts, and what a policy needs of it.

import PlanarCore

/// The features that an environment offers and a policy needs.
///
/// What a policy does not read it does not need: its `objects` then hold nothing (`withoutObjects`), and image and touch
/// are nil.
public struct FeatureSet: Codable, Equatable, Sendable {
  /// `observation.state`, `[proprioception]`.
  public var proprioception: FeatureSpec
  /// `observation.environment_state`, `[objects, features]`: object tokens, in an order without meaning.
  public var objects: FeatureSpec
  /// `action`, `[action]`, each number normalised to [−1, 1].
  public var action: FeatureSpec
  /// `observation.images.top`, `[height, width, 3]`, 8 bits a channel; nil where no camera is switched on.
  public var image: FeatureSpec?
  /// What the picture shows where the camera stands as it is meant to; nil where nobody said.
  public var imageArea: PictureArea?
  /// `observation.touch`, `[touch]`; nil where it is not observed.
  public var touch: FeatureSpec?
  /// The robot's name, such as `arm3`; of a policy that serves several, all of theirs. Empty where it does not matter.
  public var robots: [String]

  public init(
    proprioception: FeatureSpec, objects: FeatureSpec, action: FeatureSpec,
    image: FeatureSpec? = nil, imageArea: PictureArea? = nil, touch: FeatureSpec? = nil,
    robots: [String] = []
  ) {
    self.proprioception = proprioception
    self.objects = objects
    self.action = action
    self.image = image
    self.imageArea = imageArea
    self.touch = touch
    self.robots = robots
  }

  private enum CodingKeys: CodingKey {
    case proprioception, objects, action, image, imageArea, touch, robots
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    proprioception = try container.decode(FeatureSpec.self, forKey: .proprioception)
    objects = try container.decode(FeatureSpec.self, forKey: .objects)
    action = try container.decode(FeatureSpec.self, forKey: .action)
    image = try container.decodeIfPresent(FeatureSpec.self, forKey: .image)
    imageArea = try container.decodeIfPresent(PictureArea.self, forKey: .imageArea)
    touch = try container.decodeIfPresent(FeatureSpec.self, forKey: .touch)
    robots = try container.decode(.robots, or: [])
  }

  public var objectCount: Int { objects.shape[0] }
  public var objectFeatureCount: Int { objects.shape[1] }

  /// The same without object tokens: the feature is there and holds nothing.
  public var withoutObjects: FeatureSet {
    var changed = self
    changed.objects = FeatureSpec(name: objects.name, shape: [0, 0], elements: [])
    return changed
  }
}

/// The rectangle of the world that a picture's edges show, m.
public struct PictureArea: Codable, Hashable, Sendable {
  public var left: Float
  /// The greatest y: pictures are written from the top.
  public var top: Float
  public var width: Float
  public var height: Float

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
