// planar compare policies: which of some policies is better, on the same episodes, with a verdict and an exit code.

import ArgumentParser
import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarEvaluation
import PlanarExperiments
import PlanarRollouts

struct ComparePoliciesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policies",
    abstract: "Compare policies on the same episodes, pair by pair, with a verdict and an exit code.",
    discussion: """
      All policies meet the same episodes, so only those that one of two wins and the
      other does not tell them apart. Of every pair one of five things is said:

        better                             the first succeeds more often
        worse                              the first succeeds less often
        equivalent                         any difference is smaller than --margin
        different by less than matters     there is one, and it is smaller
        undecided                          about so many more episodes are needed

      With three policies or more, p-values are adjusted over all pairs (Holm).

      --stop-early looks after every episode and stops a pair as soon as it is
      decided, by a test that may be looked at as often as one likes: a difference
      that is not there is claimed with probability --alpha at most. Where one policy
      is clearly better, this takes a fraction of the episodes; where they are nearly
      alike, it takes all of them, and decides a little less often. It says 'better' as
      soon as that is sure, before it is known whether the difference matters.

        $ planar compare policies push-flow push-regression --episodes 2400 --margin 0.5
        push-flow is better than push-regression: +1.0 [+0.5, +1.6] points over
        2400 episodes, exact p < 0.001 after Holm.

      The same, as far as it is needed, and for a script:

        $ planar compare policies push-flow push-regression --episodes 2400 --stop-early
        push-flow is better than push-regression: +0.9 [0.0, +3.0] points over
        1427 episodes, anytime p 0.042 after Holm.
        $ planar compare policies runs/new push-flow --json > verdict.json || exit 1

      The exit code is 0 where the first policy is better, equivalent, or different by
      less than matters; 2 where it is worse than another; 3 where it is undecided
      beside another and worse than none; 1 and 64 are errors, as everywhere, and
      128 + the signal's number an interruption. Only pairs of the first policy count.

      In the folder: report.html with all episodes in which two policies differ and
      the command that shows each; comparison.csv; compared-policies/NAME, as 'planar eval'
      leaves it (without summary.json where a policy stopped early); and, last,
      comparison.json. Ctrl-C keeps the episodes, --resume goes on.

      More examples:
        planar compare policies push-flow expert --randomization wide
        planar compare policies push-flow push-act --posterior
        planar compare policies push-flow push-act push-bins --split paraphrase --episodes 1000
        planar compare policies runs/new runs/old --margin 1 --alpha 0.01 --episodes 4000
      """)

  @Argument(
    help:
      "Two policies or more: folders of checkpoints, names of shipped ones, 'expert', 'planner' or 'random'. The first is the one in question."
  )
  var policies: [String]

  @OptionGroup var evaluation: EvaluationOptions

  @Option(within: 0.01...100, help: "The difference in success that matters, in points.")
  var margin = 2.0

  @Option(within: 0.0001...0.2, help: "The probability of a false claim that is put up with.")
  var alpha = 0.05

  @Flag(help: "Look after every episode, and stop each pair when it is decided.")
  var stopEarly = false

  @Flag(
    help:
      "Print as well how probable it is that the first is the better one, by Bayes' rule; page and JSON always tell it."
  )
  var posterior = false

  @Option(help: "Folder for the report, the figures and the episodes. Default: runs/<time>-compare-<policies>.")
  var output: String?

  @OptionGroup var folders: OutputOptions

  @Flag(help: "Print the comparison as one JSON object.")
  var json = false

  func validate() throws {
    guard policies.count >= 2 else {
      throw ValidationError("Name at least two policies, such as 'planar compare policies push-flow expert'.")
    }
  }

  private var rules: ComparisonRules {
    ComparisonRules(alpha: alpha, margin: margin / 100, stopsEarly: stopEarly)
  }

  func run() throws {
    let signals = StopSignals()
    let verdict = try compare(evaluation.environment.load(for: policies), stop: signals.flag)
    try signals.exitIfStopped()
    if let code = verdict?.exitCode { throw ExitCode(code) }
  }

  /// - Returns: the verdict on the first policy; nil where the comparison was stopped.
  private func compare<World: LibraryEnvironment>(_ world: World, stop: StopFlag) throws -> ComparisonVerdict? {
    var drivers = try policies.map { try evaluation.driver($0, in: world) }
    let names = try namesToldApart(drivers.map(\.name), of: policies, in: "planar compare policies")
    for index in drivers.indices { drivers[index].name = names[index] }
    let plans = try drivers.map { try evaluation.plan($0, in: world) }
    let claim = try folders.claim(output, name: "compare-\(names.joined(separator: "-"))", as: .comparison)
    defer { claim.release() }
    let plan = ComparisonPlan(policies: names, rules: rules)
    let records = try zip(plans, policies).map { try evaluation.record($0, of: $1) }
    if folders.resume { try plan.requireSame(in: claim.folder) } else { try plan.write(to: claim.folder) }
    let run = try ComparisonRun(plans, records: records, rules: rules, in: claim.folder)
    let driving = Result { try run.drive(progress: ConsoleProgress(), stop: stop) }
    if case .failure(let error) = driving, run.count == 0 { throw error }
    run.tellUnread()

    let summaries = try plans.indices.map {
      try evaluation.summary(of: run.statistics(of: $0), plans[$0], of: policies[$0])
    }
    let comparison = run.comparison(summaries: summaries) { scene in "\(evaluation.replay(scene, of: policies))" }
    let finishing = Result {
      try driving.get()
      if run.isComplete {
        try run.finish(summaries)
        try comparison.write(
          to: claim.folder, report: comparison.report(run.decisions, command: "\(NextCommand.fromTheBeginning)"))
      }
    }
    if run.isComplete {
      if json { try printJSON(comparison) } else { print(comparison.text(showsPosterior: posterior)) }
    }
    try finishing.get()
    guard run.isComplete else {
      if !json {
        print(
          "Stopped after \(run.count) of \(plans.count * evaluation.episodes) episodes; the verdict comes with all of them"
        )
        suggestResuming(claim.folder.relativePath)
      }
      return nil
    }
    if !json {
      print("\nReport: \(claim.folder.relativePath)/report.html, comparison.csv, comparison.json, compared-policies/")
    }
    return comparison.verdictOfFirst
  }

  /// Refuses several policies where one is measured, and says what compares them.
  ///
  /// - Parameter policies: what was given as a policy; one word with commas is several.
  static func suggest(insteadOf policies: [String]) throws {
    var names = policies
    if policies.count == 1, policies[0].contains(","), !FileManager.default.fileExists(atPath: policies[0]) {
      names = policies[0].split(separator: ",").map(String.init)
    }
    guard names.count > 1 else { return }
    throw UserError(
      "eval measures one policy, and \(names.count) are given; to compare them on the same episodes: \(NextCommand(["compare", "policies"] + names))"
    )
  }
}

extension ComparisonVerdict {
  /// What scripts read; nil for success.
  fileprivate var exitCode: Int32? {
    switch self {
    case .better, .equivalent, .differentByLessThanMatters: nil
    case .worse: 2
    case .undecided: 3
    }
  }
}

/// What a comparison was asked besides its episodes, so that a stopped one can be continued and no other.
private struct ComparisonPlan: Codable, Equatable {
  var policies: [String]
  var rules: ComparisonRules

  private static let file = "comparison-plan.json"

  func write(to folder: URL) throws { try writeSummary(self, to: folder.appendingPathComponent(Self.file)) }

  func requireSame(in folder: URL) throws {
    let url = folder.appendingPathComponent(Self.file)
    guard let data = try? Data(contentsOf: url), let saved = try? JSONDecoder().decode(ComparisonPlan.self, from: data)
    else { throw UserError("\(folder.path) holds no comparison to resume; start without --resume") }
    guard saved == self else {
      throw UserError(
        "\(folder.path) holds a comparison with other policies or rules (\(Self.file)); repeat them to resume, or give another --output"
      )
    }
  }
}
