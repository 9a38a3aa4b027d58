// An experiment: how often a policy must look.

import Planar

/// Runs one policy with several execution horizons on the same episodes.
enum LookingOften: Experiment {
  static let name = "looking-often"
  static let summary = "One policy that executes 1, 4 or 16 steps of each chunk, on the same episodes."
  static let hypothesis = "Where nothing disturbs the robot, looking again after every step gains nothing."
  static let prediction = "The 95 % intervals of success at 1, 4 and 16 steps overlap."

  struct Options: ParsableArguments {
    @Option(help: "The folder of a checkpoint.")
    var policy: String

    @Option(help: "Episodes per horizon.")
    var episodes = 50
  }

  /// One horizon.
  struct Row: Codable, Equatable, Sendable {
    var executionHorizon: Int
    var successes: Int
    var episodes: Int
  }

  struct Outcome: ExperimentOutcome {
    var environment: String
    var rows: [Row]

    private var table: TextTable {
      TextTable(
        header: ["steps of a chunk", "success [95 %]"],
        rows: rows.map { row in
          let success = Proportion(successes: row.successes, trials: row.episodes)
          let interval = success.interval
          return [
            "\(row.executionHorizon)",
            "\(percent(success.rate)) [\(percent(interval.lowerBound)), \(percent(interval.upperBound))]",
          ]
        })
    }

    var text: String { table.text }

    var report: HTMLReport {
      var page = HTMLReport(title: "How often must a policy look?")
      page.paragraph("\(LookingOften.hypothesis) Measured on '\(environment)'.")
      page.table(table)
      return page
    }
  }

  static func run(_ options: Options, _ setting: ExperimentSetting) throws -> Outcome {
    guard let folder = Checkpoint.folder(of: options.policy) else {
      throw UserError("there is no checkpoint '\(options.policy)'; give --policy the folder of one")
    }
    let policy = try Checkpoint.load(folder)
    return try measure(policy, episodes: options.episodes, in: setting.world(), setting)
  }

  private static func measure<World: LibraryEnvironment>(
    _ policy: TrainedPolicy, episodes: Int, in world: World, _ setting: ExperimentSetting
  ) throws -> Outcome {
    let log = try CellLog<Row>(in: setting.folder, plan: [policy.name, world.name, "\(episodes)"])
    let horizons = [1, 4, 16].filter { $0 <= policy.horizons.prediction }
    let rows = try horizons.map { horizon in
      if let known = log.earlier.first(where: { $0.executionHorizon == horizon }) { return known }
      let plan = RolloutPlan(
        world: world, seeds: Array(0..<UInt64(episodes)), driver: .policy(policy), executionHorizon: horizon,
        threads: setting.threads)
      let outcomes = try rollOut(plan, progress: setting.progress, stop: setting.stop).map(\.outcome)
      let row = Row(executionHorizon: horizon, successes: outcomes.count { $0.success }, episodes: outcomes.count)
      log.append(row)
      return row
    }
    return Outcome(environment: world.name, rows: rows)
  }
}
