// How a policy comes by what it learns: the door of learning methods.

import PlanarDatasets
import Foundation
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface

/// A way to make a policy from demonstrations, labels, rewards: it supplies data, loss and hooks to the one `Trainer`.
///
/// ```
///   context (recipe) ─► labels(in:) ─► the recipe's untrained policy ─► lesson(for:on:in:) ─► Trainer ─► checkpoint
/// ```
///
/// A type's stored properties are its options, the section `method.options` of a recipe; each has a default.
public protocol LearningMethod: Codable, Hashable, Sendable {
  /// What recipes call it, such as `dagger`.
  static var name: String { get }
  /// One line on what it does.
  static var summary: String { get }
  /// All options at their defaults.
  init()
  /// - Throws: `UserError` naming the option that is out of range.
  func validate() throws
  /// Whether the policy must start from new weights, so that a recipe can name neither teacher nor trunk.
  static var startsFromNothing: Bool { get }
  /// What the checkpoint is to say of how its data came about.
  var provenance: [String: String] { get }
  /// What the policy learns from; the same for any number of threads.
  ///
  /// - Throws: `UserError` where the context has not what the method needs.
  func labels(in context: any LearningContext) throws -> LabelSet
  /// What the trainer is given for the recipe's policy: by the context a method may drive the environment with the
  /// policy as it learns.
  ///
  /// - Throws: `UserError` where labels and policy do not go together, or the context has not what the method needs.
  func lesson(for policy: TrainablePolicy, on labels: LabelSet, in context: any LearningContext) throws -> Lesson
  /// Removes what `labels(in:)` has kept in a run's folder for going on; the checkpoint is finished.
  func removeLeftovers(from folder: URL)
}

extension LearningMethod {
  /// A policy may start from a teacher or a trunk.
  public static var startsFromNothing: Bool { false }
  /// Nothing beyond what the data says of itself.
  public var provenance: [String: String] { [:] }
  /// Any options will do.
  public func validate() throws {}
  /// Nothing was kept.
  public func removeLeftovers(from folder: URL) {}

  /// Labelled windows in epochs, the head's own loss, no hooks.
  public func lesson(for policy: TrainablePolicy, on labels: LabelSet, in context: any LearningContext) throws -> Lesson
  {
    Lesson(source: try LabelWindows(labels, for: policy, context.training))
  }
}

/// What a method may use of the run that it is part of.
public protocol LearningContext {
  /// Of the final policy; methods that train in between change a copy.
  var training: TrainingConfiguration { get }
  /// Windows and chunks of the policy.
  var horizons: Horizons { get }
  /// Where the run writes; `openFolder` before a method adds files of its own.
  var folder: URL { get }
  /// Whether a stopped run is continued: what a method kept in the folder is of the same recipe then.
  var resumes: Bool { get }
  /// Makes the folder ready for a method's files: from here on a stopped run can be continued.
  ///
  /// - Throws: `UserError` where the disk refuses.
  func openFolder() throws -> URL
  /// Told how far long work has come.
  var progress: any ProgressReporter { get }
  /// Raised where the run is to end soon.
  var stop: StopFlag { get }
  /// Tells the user a line of what has happened.
  func note(_ line: String)
  /// The demonstrations that the run names, recorded now or read.
  ///
  /// - Throws: `UserError` where there is no environment, expert or dataset of that name.
  func demonstrations() throws -> LabelSet
  /// The environment, its expert and how labels are collected there, for methods that drive it themselves.
  ///
  /// - Throws: `UserError` where the run has a dataset in place of an environment.
  func collection() throws -> any LabelCollection
  /// Room for labels of what an environment offers, as the policy needs them.
  ///
  /// - Throws: `UserError` where the environment lacks what the policy looks at.
  func emptyLabels(of features: FeatureSet) throws -> LabelSet
  /// A policy with new weights for some labels.
  ///
  /// - Throws: `UserError` where the networks do not fit the labels.
  func makePolicy(for labels: LabelSet) throws -> TrainablePolicy
}

extension LearningContext {
  /// Runs begin afresh.
  public var resumes: Bool { false }

  /// Makes the folder where it is not there.
  public func openFolder() throws -> URL {
    try makeFolder(folder)
    return folder
  }
}

/// A collection plan for a world of any type; pass it to a generic function to open it.
public protocol LabelCollection {
  /// The type of the environment.
  associatedtype World: Environment
  /// How labels are collected.
  var plan: CollectionPlan<World> { get }
}

extension CollectionPlan: LabelCollection {
  /// The plan itself.
  public var plan: CollectionPlan<World> { self }
}
