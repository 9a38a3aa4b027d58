// What a policy looks at: a value in its configuration.

import PlanarCore
import PlanarPolicyInterface

/// What of an observation becomes tokens. Proprioception and command always do; what is switched off is not needed of an
/// environment either.
///
/// In a recipe or in config.json:
/// ```
/// observation:
///   objects: false
///   pixels: {kind: convolutional, tokens: 4}
/// ```
public struct ObservationConfiguration: Defaulted, Hashable, Sendable {
  /// Everything at its default.
  public static var standard: ObservationConfiguration { ObservationConfiguration() }
  /// One token per object of `observation.environment_state`.
  public var objects: Bool
  /// Tokens of the top camera's picture; nil does not look at it.
  public var pixels: PixelConfiguration?
  /// One token of `observation.touch`.
  public var touch: Bool
  /// The robots that one policy serves, by name, each with a learned token; empty where there is one robot only.
  public var robots: [String]

  public init(
    objects: Bool = true, pixels: PixelConfiguration? = nil, touch: Bool = false, robots: [String] = []
  ) {
    self.objects = objects
    self.pixels = pixels
    self.touch = touch
    self.robots = robots
  }

  /// The features that training reads of those that a data set has: pictures and touch only where they are looked at.
  /// Object states stay, as the picture encoder's training-only loss asks for them.
  ///
  /// - Throws: `UserError` where the data lacks what is looked at or a robot, and how to record it.
  public func features(trainedFrom offered: FeatureSet) throws -> FeatureSet {
    var features = offered
    if pixels == nil {
      features.image = nil
      features.imageArea = nil
    } else if offered.image == nil {
      throw UserError(
        "the policy looks at pixels, but the data has no observation.images.top; record it with the camera on, such as --image 64"
      )
    }
    if !touch {
      features.touch = nil
    } else if offered.touch == nil {
      throw UserError(
        "the policy looks at touch, but the data has no observation.touch; record it with --touch")
    }
    if let unknown = robots.first(where: { !offered.robots.contains($0) }) {
      throw UserError(
        "the policy is for the robots \(robots), but there is no data of '\(unknown)'; record episodes with --robot \(unknown)"
      )
    }
    features.robots = robots
    return features
  }

  /// The features that running the policy needs of those that it was trained on.
  func demands(of features: FeatureSet) -> FeatureSet {
    var needed = objects ? features : features.withoutObjects
    if pixels == nil { (needed.image, needed.imageArea) = (nil, nil) }
    if !touch { needed.touch = nil }
    needed.robots = robots
    return needed
  }

  /// - Throws: `UserError` naming the entry at fault.
  func validate(_ features: FeatureSet, window: Int) throws {
    guard objects || pixels != nil else {
      throw UserError(
        "trunk.observation switches off objects and has no pixels: the policy could not see what it handles")
    }
    guard Set(robots).count == robots.count, robots.isEmpty || robots == features.robots else {
      throw UserError(
        "trunk.observation.robots is \(robots); it must be empty or the robots of the features, \(features.robots), each once"
      )
    }
    guard !touch || features.touch != nil else {
      throw UserError("trunk.observation.touch is on, but the features have no touch; record with --touch")
    }
    if let pixels {
      guard let image = features.image, image.shape.count == 3, image.shape[2] == 3 else {
        throw UserError(
          "trunk.observation.pixels needs the feature image [height, width, 3]; record with --image 64")
      }
      try pixels.validate(
        window: window, height: image.shape[0], width: image.shape[1],
        tellsObjects: features.imageArea != nil && features.objects.tellsPlaces)
    }
  }
}

extension FeatureSpec {
  /// Whether object tokens say where the objects are.
  var tellsPlaces: Bool { elements.contains("x (m)") && elements.contains("y (m)") }
}
