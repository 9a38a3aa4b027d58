// planar eval: success of one policy, with an interval.

import ArgumentParser
import PlanarArmEnvironments
import PlanarDatasets
import PlanarEvaluation
import Foundation
import PlanarNeuralNetworks
import PlanarCore
import PlanarExperiments
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRecipes
import PlanarReplays
import PlanarRollouts

struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure how often a policy obeys, with exact 95 % intervals.",
    discussion: """
      Every policy meets the same episodes: episode i has seed --seed + i, so that
      two evaluations are paired. Seeds 0 to 99999 are reserved for evaluation and
      never trained on.

      A real policy needs time to think. --delay 4 lets every answer arrive four
      control steps late, and --switching says what happens meanwhile; boundary
      jumps and changes of action in the summary tell how smoothly the arm then
      moves.

      Which of two policies is better is the question of 'planar compare policies'.

      The folder gets a page, report.html: success with its interval, by what was asked
      for, and films of failed episodes, each with the command that shows it in the
      window; summary.csv and summary.json have the figures, episodes.jsonl every
      episode.

      Episodes are on the disk as they come. Ctrl-C keeps them, as SIGTERM, a lost
      terminal and a kill do; the same command with --resume goes on, and its
      summary is that of an evaluation that was never stopped.

      Examples:
        planar eval --policy expert
        planar eval --policy Assets/checkpoints/push-flow --randomization wide --episodes 1000
        planar eval --policy Assets/checkpoints/push-flow --command swapped
        planar eval --policy Assets/checkpoints/push-flow --command nonsense
        planar eval --policy Assets/checkpoints/push-flow --weights int8
        planar eval --policy Assets/checkpoints/push-flow --delay 4 --switching naive
        planar eval --policy Assets/checkpoints/push-flow --temporal-ensembling 0.01
        planar eval --policy planner --environment pusht --randomization none
        planar eval --policy expert --set friction=0.3 --set tilt=0.02
        planar eval --policy Assets/checkpoints/push-flow --sweep friction=0.25:2:8
        planar eval --policy Assets/checkpoints/push-flow --wordings my-wordings.txt
      """)

  @Option(
    help:
      "A checkpoint's folder, the name of a shipped one, 'expert', 'planner' or 'random'. Without a scripted expert, 'expert' is the planner."
  )
  var policy: String

  @Argument(help: .hidden)
  var others: [String] = []

  @OptionGroup var evaluation: EvaluationOptions

  @Option(
    help: ArgumentHelp(
      "Evaluate at several values of one item of domain randomization, evenly from least to most, and plot success against it.",
      valueName: "item=least:most:count"))
  var sweep: String?

  @Option(help: "Folder for the page, the figures and the episodes. Default: runs/<time>-eval-<policy>.")
  var output: String?

  @OptionGroup var folders: OutputOptions

  @Flag(help: "Print the summary as one JSON object.")
  var json = false

  func run() throws {
    try ComparePoliciesCommand.suggest(insteadOf: [policy] + others)
    let signals = StopSignals()
    if let sweep {
      try goThrough(SweepRange(sweep), stop: signals.flag)
    } else {
      try evaluate(evaluation.environment.load(for: [policy]), stop: signals.flag)
    }
    try signals.exitIfStopped()
  }

  private func evaluate<World: LibraryEnvironment>(_ world: World, stop: StopFlag) throws {
    let driver = try evaluation.driver(policy, in: world)
    let plan = try evaluation.plan(driver, in: world)
    let claim = try folders.claim(output, name: "eval-\(driver.name)", as: .evaluation)
    defer { claim.release() }
    let log = try EvaluationLog(in: claim.folder, of: evaluation.record(plan, of: policy), resumes: folders.resume)
    let known = log.count
    let progress = PartOfProgress(
      whole: ConsoleProgress(), stage: "episodes", offset: known, total: plan.seeds.count)
    let unread = UnreadCommands(by: driver.policy)
    let rollout = Result {
      try rollOut(plan, skipping: known, progress: progress, stop: stop) { episodes in
        unread.add(episodes.map(\.outcome.info.command))
        try log.append(episodes.map(\.outcome))
      }
    }
    if case .failure(let error) = rollout, log.count == known { throw error }
    unread.tell()
    let summary = try evaluation.summary(of: log.statistics, plan, of: policy)
    let finishing = Result {
      try rollout.get()
      if log.isComplete {
        let page = try page(summary, log.statistics.tellingEpisodes, plan, stop: stop)
        try page.report.write(to: claim.folder.appendingPathComponent("report.html"))
        try log.finish(summary)
      }
    }
    // Whatever the disk says, what was measured is printed.
    if log.count > 0 {
      if json { try printJSON(summary) } else { print(summary.text) }
    }
    try finishing.get()
    if json { return }
    if log.isComplete {
      print("\nPage: \(claim.folder.relativePath)/report.html, with summary.csv, summary.json and episodes.jsonl")
    } else if log.count == 0 {
      print("Stopped before any episode was finished")
    } else {
      print("\n\(log.count) of \(plan.seeds.count) episodes are in \(claim.folder.relativePath)")
      suggestResuming(claim.folder.relativePath)
    }
  }

  /// How many failed episodes the page shows, and how many others: few of few, since each is driven once more.
  private var shownEpisodes: (failures: Int, successes: Int) {
    (min(4, max(1, evaluation.episodes / 8)), min(2, max(1, evaluation.episodes / 16)))
  }

  /// The page, with the episodes that tell most; without them where the work is to end.
  private func page<World: LibraryEnvironment>(
    _ summary: EvaluationSummary, _ telling: TellingEpisodes, _ plan: RolloutPlan<World>, stop: StopFlag
  ) throws -> EvaluationPage {
    let shown = telling.chosen(failures: shownEpisodes.failures, successes: shownEpisodes.successes)
    var again = plan
    again.seeds = shown.map(\.scene.seed)
    let films = try SceneFilm.films(of: again, stop: stop) { "Episode \($0.info.seed)" }
    return EvaluationPage(
      summary, failures: telling.failureCounts,
      replays: zip(films, shown).map { film, episode in
        EvaluationPage.Replay(
          film: film, command: "\(evaluation.replay(episode.scene, of: [policy]))", isFailure: episode.failure != nil)
      }, command: "\(NextCommand.fromTheBeginning)")
  }
}
