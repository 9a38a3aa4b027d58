// The networks of a recipe's policy, and the policy that they make with its data.

import ArmEnvironments
import Foundation
import Learning
import PlanarCore
import Policies
import PolicyInterface

/// The networks around the head. `size` sets the defaults of all.
public struct NetworkRecipe: Codable, Sendable {
  public var size: PolicySize

  public init(size: PolicySize) {
    self.size = size
  }

  public mutating func setSize(_ size: PolicySize) { self = NetworkRecipe(size: size) }

  /// Which of the features that an environment offers the policy looks at.
  func observed(of features: FeatureSet) -> FeatureSet {
    FeatureSet(
      proprioception: features.proprioception, objects: features.objects, action: features.action)
  }
}

extension Recipe {
  /// The policy that this one learns from; nil where there is none.
  func loadTeacher() throws -> TrainedPolicy? {
    guard let teacher else { return nil }
    let shipped = try EnvironmentLibrary.home().appendingPathComponent("Assets/checkpoints/\(teacher)")
    for folder in [URL(fileURLWithPath: teacher, isDirectory: true), shipped]
    where FileManager.default.fileExists(atPath: folder.appendingPathComponent(Checkpoint.configurationFile).path) {
      return try Checkpoint.load(folder)
    }
    throw UserError(
      "there is no checkpoint '\(teacher)' to learn from; train it first: planar train Assets/recipes/\(teacher).yaml --output \(shipped.relativePath)"
    )
  }

  /// The untrained policy.
  func makePolicy(for data: RecipeData, teacher: TrainedPolicy?) throws -> TrainablePolicy {
    try Learning.makePolicy(
      head: head, size: policy.size, for: data.labels, environment: data.environment, seed: training.seed)
  }
}
