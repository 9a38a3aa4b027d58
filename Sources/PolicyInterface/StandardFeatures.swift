// The features that Planar's own environments and policies know by name. Nothing else does: another modality needs no
// entry here.

import PlanarCore

/// LeRobot's names of Planar's own features.
public enum FeatureName {
  /// Proprioception, `[proprioception]`.
  public static let state = "observation.state"
  /// `[objects, features]`: object tokens, in an order without meaning.
  public static let environmentState = "observation.environment_state"
  /// `[height, width, 3]`, 8 bits a channel, row-major from the top left.
  public static let topImage = "observation.images.top"
  /// `[action]`.
  public static let action = "action"
}

extension FeatureSet {
  /// The standard features, in their standard order.
  ///
  /// - Parameter image: nil where no camera is switched on.
  public init(
    proprioception: FeatureSpec, objects: FeatureSpec, action: FeatureSpec, image: FeatureSpec? = nil,
    robots: [String] = []
  ) {
    self.init(observations: [proprioception, objects, image].compactMap(\.self), action: action, robots: robots)
  }

  /// `observation.state`, `[proprioception]`; programmer error where there is none.
  public var proprioception: FeatureSpec {
    get {
      guard let feature = self[FeatureName.state] else { preconditionFailure("there is no \(FeatureName.state)") }
      return feature
    }
    set { self[FeatureName.state] = newValue }
  }

  /// `observation.environment_state`, `[objects, features]`; one that holds nothing where it is not observed.
  public var objects: FeatureSpec {
    get {
      self[FeatureName.environmentState]
        ?? FeatureSpec(name: FeatureName.environmentState, shape: [0, 0], elements: [])
    }
    set { self[FeatureName.environmentState] = newValue }
  }

  /// `observation.images.top`, `[height, width, 3]`; nil where no camera is switched on.
  public var image: FeatureSpec? {
    get { self[FeatureName.topImage] }
    set { self[FeatureName.topImage] = newValue }
  }

  /// Whether every shape is possible, and those of the standard features have the right number of axes: of features that
  /// were read from a file.
  public var hasShapes: Bool {
    let axes = [FeatureName.state: 1, FeatureName.environmentState: 2, FeatureName.topImage: 3, FeatureName.action: 1]
    return self[FeatureName.state] != nil
      && (observations + [action]).allSatisfy {
        $0.shape.count == axes[$0.name] ?? max(1, $0.shape.count) && $0.shape.allSatisfy { $0 >= 0 }
          && $0.elements.count == $0.shape.last
      }
  }

  /// Object tokens of an observation.
  public var objectCount: Int { objects.shape[0] }
  /// Numbers of an object token.
  public var objectFeatureCount: Int { objects.shape[1] }
}

extension Observation {
  /// An observation of the standard features; those without numbers are left out.
  public init(proprioception: [Float], objects: [Float], command: String) {
    self.init(command: command)
    set(FeatureName.state, floats: proprioception)
    set(FeatureName.environmentState, floats: objects)
  }

  /// `observation.state`, `[proprioception]`.
  public var proprioception: [Float] {
    get { floats(FeatureName.state) }
    set { set(FeatureName.state, floats: newValue) }
  }

  /// `observation.environment_state`, `[objects, features]`, row-major.
  public var objects: [Float] {
    get { floats(FeatureName.environmentState) }
    set { set(FeatureName.environmentState, floats: newValue) }
  }

  /// `observation.images.top`, `[height, width, 3]`, row-major from the top left; empty without a camera.
  public var image: [UInt8] {
    get { bytes(FeatureName.topImage) }
    set { set(FeatureName.topImage, bytes: newValue) }
  }
}
