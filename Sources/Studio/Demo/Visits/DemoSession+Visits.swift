// Where the demonstrations and the present driver go, and how unlike the demonstrations' states the episode's are.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import PlanarSceneDrawing

extension DemoSession {
  /// The expert's demonstrations in the session's world, from the first training seeds; nil while they are being found
  /// out, and where there is no expert.
  func demonstrations() -> (visits: Visits, familiarity: Familiarity?)? {
    guard let expert = thinker.expert else { return nil }
    let survey = surveyor.survey(of: "expert" + worldKey) {
      plan(of: .expert(expert), .recedingHorizon, from: SeedRanges.firstTraining)
    }
    guard case .done(let visits, let familiarity) = survey else { return nil }
    return (visits, familiarity)
  }

  /// Where the present driver goes, in episodes that nothing is trained on; nil while that is being found out, and where
  /// nobody needs to know.
  private func ownSurvey() -> Surveyor<World>.Survey? {
    guard hasExpert, hasOwnVisits else { return nil }
    return surveyor.survey(of: driverKey) {
      plan(of: pilot.driver, pilot.execution, from: SeedRanges.tuning.lowerBound)
    }
  }

  private func ownVisits() -> Visits? {
    guard case .done(let visits, _) = ownSurvey() else { return nil }
    return visits
  }

  /// Why it cannot be found out where the driver goes; nil where it can.
  var surveyFailure: String? {
    guard case .failed(let reason) = ownSurvey() else { return nil }
    return reason
  }

  /// Waits until all is known that is shown: for pictures, which cannot be drawn again.
  package func finishSurveys(_ stop: StopFlag) {
    guard showing.contains(.visits), hasExpert else { return }
    while !stop.isRaised, demonstrations() == nil || hasOwnVisits && ownSurvey() == nil {
      Thread.sleep(forTimeInterval: 0.01)
    }
  }

  private func plan(of driver: Driver<World>, _ execution: ChunkExecution, from seed: UInt64) -> RolloutPlan<World> {
    RolloutPlan(
      world: world, seeds: Array(seed..<seed + UInt64(Surveyor<World>.episodes)), driver: driver, execution: execution)
  }

  /// Who drives, with which weights, and how.
  private var driverKey: String {
    let sampling = pilot.sampling.map { "\($0.steps ?? 0) \($0.guidance ?? 1)" } ?? ""
    return "\(pilot.name) \(generations[pilotIndex]) \(pilot.execution) \(sampling)" + worldKey
  }

  /// What was set by hand in the world.
  private var worldKey: String {
    world.adjustableFactors.filter { adjusted.contains($0.name) }.map { " \($0.name) \($0.value)" }.joined()
  }

  /// Finds out how unlike the demonstrations' the states of the episode are that this is not known of yet.
  mutating func compareWithDemonstrations() {
    guard showing.contains(.curves), let familiarity = demonstrations()?.familiarity else { return }
    timeline.completeUnlikeness { familiarity.unlikeness(of: $0.visitedState) }
    moment.unlikeness = timeline[step].unlikeness
  }

  // MARK: Heat map

  /// Where demonstrations go, and where the driver alone goes, as a heat map that lies under everything.
  var visitItems: [DrawItem] { heatMap?.items ?? [] }

  /// The share of the driver's control steps in places where no demonstration goes, and of the demonstrations' own in places
  /// where no other one goes; nil while that is being found out, and without an expert.
  public var sharesOutside: (driver: Double, demonstrations: Double)? {
    guard hasOwnVisits, let map = heatMap, let driver = map.shareOfDriverOutside else { return nil }
    return (driver, map.shareOfDemonstrationsAlone)
  }

  private var heatMap: HeatMap? {
    guard let demonstrations = demonstrations()?.visits else { return nil }
    let driver = hasOwnVisits ? ownVisits() : nil
    return surveyor.map(of: driver == nil ? worldKey : driverKey) {
      HeatMap(demonstrations: demonstrations, driver: driver, in: world.drawList.bounds)
    }
  }

  /// Whether the driver goes other ways than the demonstrations.
  var hasOwnVisits: Bool {
    if case .expert = pilot.driver.kind { return false }
    return true
  }
}
