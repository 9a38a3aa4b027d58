// Recipes that an experiment trains by itself: short, small, and the same but for what is compared.

import PlanarArmEnvironments
import PlanarLearning
import PlanarPolicies
import PlanarRecipes

extension Recipe {
  /// A small network on a task, where actions say where the tip goes and are learned relative to where it is.
  ///
  /// - Parameters:
  ///   - head: the policy family.
  ///   - episodes: demonstrations of the scripted expert, as `planar record` drives it.
  ///   - steps: gradient steps of 256 labels.
  ///   - change: what is otherwise.
  static func short(
    _ name: String, in environment: String = "push", head: HeadChoice = .suggested, episodes: Int, steps: Int,
    change: (inout Recipe) -> Void = { _ in }
  ) -> Recipe {
    var recipe = Recipe(name: name, head: head)
    recipe.environment = environment
    recipe.data.episodes = episodes
    recipe.data.settings.actionSpace = ActionSpace.Kind.tipTarget.rawValue
    recipe.training.steps = steps
    recipe.training.learningRate = 0.004
    change(&recipe)
    return recipe
  }
}
