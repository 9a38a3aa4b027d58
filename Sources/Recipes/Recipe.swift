// What a checkpoint is made from, as a value: a recipe's YAML file says the same.

import PlanarArmEnvironments
import PlanarLearning
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts

/// Everything that a checkpoint depends on but the program itself: two runs of a recipe give the same bits.
///
/// ```swift
/// var recipe = try Recipe(reading: URL(fileURLWithPath: "Assets/recipes/push-flow.yaml"))
/// recipe.training.steps = 100
/// let result = try RecipeRun(recipe, folder: folder, threads: 2).run()
/// ```
public struct Recipe: Codable, Sendable {
  /// Of the checkpoint, such as `push-flow`.
  public var name: String
  /// What it is, in a sentence for people.
  public var description: String
  /// A folder under `Environments/`, or a path to one elsewhere.
  public var environment: String
  /// Models of `Environments/robots`: one in place of the environment's own, or several that one policy serves, whose
  /// episodes take turns in the data.
  public var robots: [String]
  /// Where demonstrations come from.
  public var data: DemonstrationRecipe
  /// The head and its options.
  public var head: HeadChoice
  /// The horizons, in control steps.
  public var horizons: Horizons
  /// Trunk, networks and encoders.
  public var policy: NetworkRecipe
  /// The folder of a checkpoint, or the name of a shipped one, that the policy learns from; nil for none.
  public var teacher: String?
  /// The folder of a checkpoint, or the name of a shipped one, whose text encoder and trunk the policy starts from; nil
  /// to start from nothing.
  public var trunkFrom: String?
  /// The number of threads is a machine's, not a recipe's.
  public var training: TrainingConfiguration
  /// How the policy comes by what it learns; behaviour cloning unless said otherwise.
  public var method: LearningMethodChoice
  /// What is measured when training is done.
  public var evaluation: EvaluationRecipe

  /// A head on `push` with everything at its default.
  public init(
    name: String, head: HeadChoice, size: PolicySize = .small, data: DemonstrationRecipe = DemonstrationRecipe(),
    method: any LearningMethod = BehaviourCloning()
  ) {
    self.name = name
    description = ""
    environment = "push"
    robots = []
    self.data = data
    self.head = head
    horizons = Horizons()
    policy = NetworkRecipe(size: size)
    training = TrainingConfiguration(steps: 8_000, learningRate: 2e-3)
    self.method = LearningMethodChoice(method)
    evaluation = EvaluationRecipe()
  }

  /// - Throws: `UserError` naming the setting that is out of range.
  public func validate() throws {
    guard !name.isEmpty, !name.contains("/") else {
      throw UserError("a recipe's name is that of a folder, such as push-flow; it is '\(name)'")
    }
    try data.validate()
    try horizons.requireLimits(in: "horizons")
    try policy.requireLimits(in: "policy")
    try policy.text.requireLimits(in: "policy.text")
    try training.validate()
    try head.options.validate()
    try method.method.validate()
    try evaluation.validate()
    guard policy.trunk.observation == ObservationConfiguration() else {
      throw UserError("policy.trunk.observation is not for recipes: give policy.observation")
    }
    guard policy.observation.robots.isEmpty else {
      throw UserError("policy.observation.robots is not for recipes: name the robots in 'robots'")
    }
    guard data.settings.robot == nil else {
      throw UserError("data.robot is not for recipes: name the robots in 'robots'")
    }
    guard head.needsTeacher == (teacher != nil) else {
      throw UserError(
        teacher == nil
          ? "a \(head.name) policy learns from a teacher: give the key 'teacher', the checkpoint of a flow policy"
          : "a teacher is for heads that learn from one, such as one-step; the head is \(head.name)")
    }
    guard trunkFrom == nil || teacher == nil else {
      throw UserError("trunk_from does not go with a teacher, whose trunk a policy starts from anyway; leave it out")
    }
    guard trunkFrom == nil || !type(of: method.method).startsFromNothing else {
      throw UserError(
        "trunk_from does not go with the method \(method.name), which starts from new weights; leave it out")
    }
  }
}
