// Every head learns the tiny task, on any number of threads alike.

import NeuralNetworks
import Policies
import PolicyInterface
import Testing

@Suite struct LearningTests {
  /// The three places are 0.8 apart on average, so a policy that ignores the command misses by about 0.5.
  @Test(arguments: [
    HeadChoice(RegressionOptions(loss: .meanAbsoluteError)), HeadChoice(FlowOptions()),
    HeadChoice(FlowOptions(timeSampling: .uniform, integrator: .midpoint, steps: 5)),
    HeadChoice(DiffusionOptions()), HeadChoice(DiffusionOptions(target: .epsilon)),
  ])
  func headsLearnToObeyTheCommand(head: HeadChoice) throws {
    let run = try TinyTask.train(TinyTask.configuration(head.options), steps: 600)
    #expect(run.losses.allSatisfy { $0.isFinite })
    let error = TinyTask.error(of: run.policy.policy(weights: run.average.values))
    #expect(error < 0.2, "\(head.name): \(error)")
  }

  @Test(arguments: HeadChoice.names)
  func trainingGivesTheSameBitsOnOneAndTwoThreads(name: String) throws {
    let configuration = TinyTask.configuration(try HeadChoice(named: name).options)
    let one = try TinyTask.train(configuration, steps: 20, threads: 1)
    let two = try TinyTask.train(configuration, steps: 20, threads: 2)
    #expect(one.losses == two.losses)
    #expect(one.policy.parameters.values.array == two.policy.parameters.values.array)
    #expect(one.average.values.array == two.average.values.array)
  }

  @Test func everyParameterLearns() throws {
    for name in HeadChoice.names {
      let configuration = TinyTask.configuration(try HeadChoice(named: name).options)
      let before = try TrainablePolicy(configuration).parameters
      let after = try TinyTask.train(configuration, steps: 3).policy.parameters
      for parameter in before.layout.parameters {
        #expect(
          before.tensor(parameter) != after.tensor(parameter), "\(name): \(parameter.name)")
      }
    }
  }
}
