// Every head learns the tiny task, on any number of threads alike.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import Testing

@Suite struct LearningTests {
  /// The three places are 0.8 apart on average, so a policy that ignores the command misses by about 0.5.
  @Test(arguments: [
    HeadChoice(RegressionOptions(loss: .meanAbsoluteError)), HeadChoice(FlowOptions()),
    HeadChoice(FlowOptions(timeSampling: .uniform, integrator: .midpoint, steps: 5)),
    HeadChoice(FlowOptions(predicting: .velocity)), HeadChoice(FlowOptions(largestDelay: 2)),
    HeadChoice(DiffusionOptions()), HeadChoice(DiffusionOptions(samplingSteps: 3)),
    HeadChoice(DiffusionOptions(sampler: .ddpm, samplingSteps: 100)),
    HeadChoice(DiffusionOptions(predicting: .velocity, sampler: .ddpm, samplingSteps: 25)),
    HeadChoice(RegressionOptions(steps: 2)),
  ])
  func headsLearnToObeyTheCommand(head: HeadChoice) throws {
    let run = try TinyTask.train(TinyTask.configuration(head.options), steps: 300)
    #expect(run.losses.allSatisfy { $0.isFinite })
    let error = TinyTask.error(of: run.policy.policy(weights: run.average.values))
    #expect(error < 0.08, "\(head.name): \(error)")
  }

  /// The expert's kind is a choice of its own.
  @Test(arguments: ActionDecoderConfiguration.Kind.allCases)
  func everyKindOfDecoderLearns(kind: ActionDecoderConfiguration.Kind) throws {
    for head in [FlowOptions() as any HeadOptions, RegressionOptions()] {
      var configuration = TinyTask.configuration(head)
      configuration.decoder = TinyTask.decoder(kind)
      let run = try TinyTask.train(configuration, steps: 300)
      let error = TinyTask.error(of: run.policy.policy(weights: run.average.values))
      #expect(error < 0.1, "\(kind), \(type(of: head).name): \(error)")
    }
  }

  /// A student starts as its teacher and learns to do in one run what the teacher does in ten.
  @Test func aStudentLearnsItsTeachersFlow() throws {
    let teacher = try TinyTask.train(TinyTask.configuration(FlowOptions()), steps: 300)
    let trained = teacher.policy.policy(weights: teacher.average.values)
    let run = try TinyTask.train(
      try TrainablePolicy(distilling: trained, as: HeadChoice(OneStepOptions())), steps: 150, rate: 1e-3)
    let student = run.policy.policy(weights: run.average.values)
    #expect(student.name == "one-step")
    let error = TinyTask.error(of: student)
    #expect(error < 0.08, "\(error)")
    // The same noise leads both to the same place.
    var stream = RandomStream(seed: 5)
    var requests = (0..<32).map { TinyTask.request(TinyTask.scene(&stream), noise: UInt64($0)) }
    var same = requests
    let theirs = trained.makeInference(batch: 32).predict(&requests)
    let ours = student.makeInference(batch: 32).predict(&same)
    #expect(largestDifference(theirs, ours) < 0.25)
    #expect(throws: UserError.self) { try student.settingSteps(4) }
    #expect(throws: UserError.self) {
      try TrainablePolicy(
        distilling: teacher.policy.policy(weights: teacher.average.values).settingHead(
          RegressionOptions(steps: 2)), as: HeadChoice(OneStepOptions()))
    }
    #expect(throws: UserError.self) {
      try TrainablePolicy(TinyTask.configuration(OneStepOptions())).validateTeacher()
    }
  }

  /// A student whose network is not the teacher's begins with the teacher's eyes and with new weights behind them.
  @Test func aStudentMayHaveANetworkOfItsOwn() throws {
    let teacher = try TinyTask.train(TinyTask.configuration(FlowOptions()), steps: 300)
    let trained = teacher.policy.policy(weights: teacher.average.values)
    let untaught = try TrainablePolicy(distilling: trained, as: HeadChoice(StudentOptions()))
    #expect(untaught.parameters.layout.parameters != teacher.policy.parameters.layout.parameters)
    let run = try TinyTask.train(untaught, steps: 200, rate: 2e-3)
    let error = TinyTask.error(of: run.policy.policy(weights: run.average.values))
    #expect(error < 0.12, "\(error)")
  }

  /// Few steps, where heads that must first learn to undo noise would still be far behind. Every integrator must
  /// arrive at the same end: what is left of the noise would show as error.
  @Test func generativeHeadsLearnAsFastAsRegression() throws {
    func weights(_ head: any HeadOptions) throws -> FloatBuffer {
      try TinyTask.train(TinyTask.configuration(head), steps: 300).average.values
    }
    func error(_ head: any HeadOptions, _ weights: FloatBuffer) throws -> Float {
      TinyTask.error(of: try TrainablePolicy(TinyTask.configuration(head)).policy(weights: weights))
    }
    let regression = try error(RegressionOptions(), weights(RegressionOptions()))
    #expect(regression < 0.05)
    let diffusion = try error(DiffusionOptions(), weights(DiffusionOptions()))
    #expect(diffusion < regression + 0.02, "diffusion \(diffusion), regression \(regression)")
    let flowWeights = try weights(FlowOptions())
    for integrator in FlowIntegrator.allCases {
      let flow = try error(FlowOptions(integrator: integrator), flowWeights)
      #expect(flow < regression + 0.02, "flow, \(integrator) \(flow), regression \(regression)")
    }
  }

  @Test(arguments: HeadChoice.names.filter { $0 != OneStepOptions.name })
  func trainingGivesTheSameBitsOnOneAndTwoThreads(name: String) throws {
    let configuration = TinyTask.configuration(try HeadChoice(named: name).options)
    let one = try TinyTask.train(configuration, steps: 20, threads: 1)
    let two = try TinyTask.train(configuration, steps: 20, threads: 2)
    #expect(one.losses == two.losses)
    #expect(one.policy.parameters.values.array == two.policy.parameters.values.array)
    #expect(one.average.values.array == two.average.values.array)
  }

  @Test func everyParameterLearns() throws {
    for name in HeadChoice.names where name != OneStepOptions.name {
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
