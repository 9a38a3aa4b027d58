// A comparison small enough for a test, and cells made by hand for the analysis of one.

import PlanarArmEnvironments
import PlanarExperiments
import Foundation
import PlanarLearning
import PlanarCore
import PlanarReplays

enum TinyComparison {
  static let configuration: CovariateShiftConfiguration = {
    var configuration = CovariateShiftConfiguration.quick
    configuration.executionHorizons = [1, 8]
    configuration.labelBudgets = [40, 80]
    configuration.measuresClonesAtEveryBudget = true
    configuration.trainingSeeds = [1, 2]
    configuration.training.steps = 20
    configuration.training.batchSize = 32
    configuration.training.validationInterval = 20
    configuration.evaluationEpisodes = 6
    configuration.labelledEvaluationEpisodes = 3
    return configuration
  }()

  static func run(
    threads: Int, earlier: [ShiftCell] = [], stop: StopFlag = StopFlag(),
    onCell: @escaping @Sendable (ShiftCell) -> Void = { _ in }
  ) throws -> CovariateShiftResult {
    try compareCovariateShift(
      configuration, world: ArmEnvironment(randomization: "none"), threads: threads, earlier: earlier, stop: stop,
      onCell: onCell)
  }

  /// A result with these cells and nothing else of its own.
  static func result(
    _ cells: [ShiftCell], change: (inout CovariateShiftConfiguration) -> Void = { _ in }
  ) throws -> CovariateShiftResult {
    struct Form: Encodable {
      var configuration: CovariateShiftConfiguration
      var environment = "push"
      var randomization = "none"
      var frames = [0, 10]
      var expertSuccessRate = 1.0
      var expertPaths: [[[Float]]] = Array(repeating: [[0, 0, 0, 0], [0.1, 0, 0, 0.2]], count: 4)
      var cells: [ShiftCell]
    }
    var configuration = configuration
    configuration.executionHorizons = [1]
    change(&configuration)
    return try JSONDecoder().decode(
      CovariateShiftResult.self,
      from: JSONEncoder().encode(Form(configuration: configuration, cells: cells)))
  }

  /// A cell of execution horizon 1.
  static func cell(
    _ method: ShiftMethod, labels: Int, seed: UInt64, successes: [Bool], expertError: Double = 0.1,
    ownError: Double = 0.1, stuckShare: Double = 0
  ) throws -> ShiftCell {
    struct Form: Encodable {
      var method: ShiftMethod
      var labels: Int
      var trainingSeed: UInt64
      var executionHorizon = 1
      var successes: [Bool]
      var expertStateError: Double
      var ownStateError: Double
      var stuckShare: Double
      var divergence = [0.0, 0.5]
      var films: [SceneFilm] = []
      var paths: [[[Float]]] = Array(repeating: [[0, 0, 0, 0], [0.2, 0, 0, 0.1]], count: 4)
    }
    let form = Form(
      method: method, labels: labels, trainingSeed: seed, successes: successes,
      expertStateError: expertError, ownStateError: ownError, stuckShare: stuckShare)
    return try JSONDecoder().decode(ShiftCell.self, from: JSONEncoder().encode(form))
  }
}
