// planar experiment: what is asked, what is expected, and running it.

import ArgumentParser
import PlanarArmEnvironments
import PlanarEvaluation
import PlanarExperiments
import Foundation
import PlanarCore

struct ExperimentCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "experiment",
      abstract: "Experiments: each has a hypothesis and a prediction, said before it runs.",
      discussion: """
        Examples:
          planar experiment list
          planar experiment show covariate-shift
          planar experiment run covariate-shift --quick
          planar experiment run --all --quick
          planar experiment report runs/all/*
        """,
      subcommands: [
        ExperimentListCommand.self, ExperimentShowCommand.self, ExperimentRunCommand.self,
        ExperimentReportCommand.self,
      ])
  }
}

struct ExperimentListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Name the experiments, and what each compares.")

  func run() {
    let width = experimentRegistry.names.map(\.count).max() ?? 0
    for kind in experimentRegistry.entries { print("\(padded(kind.name, width))  \(kind.experiment.summary)") }
  }
}

struct ExperimentShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Tell an experiment's hypothesis and prediction.",
    discussion: """
      Example:
        planar experiment show covariate-shift
      """)

  @Argument(help: "The experiment; 'planar experiment list' names them.")
  var name: String

  func run() throws {
    let experiment = try experimentRegistry.entry(named: name).experiment
    print("\(experiment.name): \(experiment.summary)\n")
    print("Hypothesis: \(experiment.hypothesis)\n")
    print("Prediction: \(experiment.prediction)\n")
    if !experiment.discussion.isEmpty { print(experiment.discussion + "\n") }
    print("Next: planar experiment run \(experiment.name)")
  }
}

struct ExperimentRunCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "run", abstract: "Run an experiment and write its report; with --all, every one.",
      discussion: """
        With --all, each experiment has a folder of its own within --output. Those
        that are finished are not run again where --resume is given; one that fails
        is told at the end, and the others are run all the same.

        Examples:
          planar experiment run covariate-shift --quick
          planar experiment run --all --quick --output runs/all
        """,
      subcommands: experimentCommands() + [RunAllExperiments.self], defaultSubcommand: RunAllExperiments.self)
  }
}

/// Runs every experiment: what 'run' is where no experiment is named. Options of its own, since those of a command that
/// has subcommands would be taken from theirs.
struct RunAllExperiments: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "all", abstract: "Run every experiment, one after the other: short for 'run --all'.",
    discussion: """
      Example:
        planar experiment run --all --quick --output runs/all
      """, shouldDisplay: false)

  @Flag(help: "Run every experiment, one after the other.")
  var all = false

  @Flag(help: "With --all: the quick forms.")
  var quick = false

  @OptionGroup var threads: ThreadOptions

  @Option(help: "With --all: the folder in which each experiment has one. Default: runs/<time>-experiments.")
  var output: String?

  @OptionGroup var folders: OutputOptions

  func run() throws {
    guard all else {
      throw UserError(
        "name an experiment, such as 'planar experiment run covariate-shift --quick', or give --all; 'planar experiment list' names them"
      )
    }
    let signals = StopSignals()
    let claim = try folders.claim(output, name: "experiments", as: .experiment)
    defer { claim.release() }
    var failures: [String] = []
    var table = TextTable(header: ["experiment", "seconds", "what came out"])
    for kind in experimentRegistry.entries where !signals.flag.isRaised {
      let folder = claim.folder.appendingPathComponent(kind.name, isDirectory: true)
      let known = folders.resume ? try? ExperimentVerdict(reading: folder) : nil
      let started = Date()
      do {
        let headline = try known?.headline ?? headline(of: kind.experiment, in: folder, stop: signals.flag)
        let seconds = known == nil ? "\(Int(Date().timeIntervalSince(started)))" : "–"
        table.rows.append([kind.name, seconds, headline])
        print("\(kind.name) (\(seconds) s): \(headline)\n")
        StandardStreams.flush()
      } catch let error as UserError where !signals.flag.isRaised {
        failures.append("\(kind.name): \(error.message)")
        warn("\(kind.name): \(error.message)")
      }
    }
    print(table.text)
    print("Reports: \(claim.folder.relativePath)/<experiment>/report.html")
    if signals.flag.isRaised { suggestResuming(claim.folder.relativePath) }
    try signals.exitIfStopped()
    guard failures.isEmpty else {
      throw UserError(
        "\(failures.count) of \(experimentRegistry.names.count) experiments failed: \(failures.joined(separator: "; "))"
      )
    }
  }

  /// Runs one experiment in its quick or full form.
  private func headline<Kind: Experiment>(
    of experiment: Kind.Type, in folder: URL, stop: StopFlag
  ) throws -> String {
    try makeFolder(folder)
    let options = try Kind.Options.parse(quick ? ["--quick"] : [])
    let outcome = try Kind.run(
      options,
      ExperimentSetting(
        environment: EnvironmentOptions.usualEnvironment, settings: Kind.settings, threads: threads.threads,
        folder: folder, progress: ConsoleProgress(), stop: stop))
    guard !stop.isRaised else { return "stopped" }
    try outcome.write(to: folder, of: Kind.name)
    return outcome.headline
  }
}

struct ExperimentReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "List what came of finished experiments, and write one page that leads to all.",
    discussion: """
      Examples:
        planar experiment report runs/all/*
        planar experiment report runs/covariate-shift runs/delay --output experiments.html
      """)

  @Argument(help: "Folders that 'planar experiment run' has written.")
  var folderNames: [String]

  @Option(help: "An HTML page to write, with a link to each report.")
  var output: String?

  @Flag(help: "Replace --output where it is there.")
  var overwrite = false

  @Flag(help: "Print the verdicts as one JSON array.")
  var json = false

  func run() throws {
    let folders = folderNames.map { URL(fileURLWithPath: $0, isDirectory: true) }
    let verdicts = try folders.map { try ExperimentVerdict(reading: $0) }
    if let output {
      guard overwrite || !FileManager.default.fileExists(atPath: output) else {
        throw UserError("\(output) is there already; give --overwrite to replace it, or another --output")
      }
      var page = HTMLReport(title: "Experiments")
      for (folder, verdict) in zip(folders, verdicts) {
        page.heading(verdict.experiment)
        page.paragraph(verdict.headline)
        page.link(
          "The whole report", to: folder.standardizedFileURL.appendingPathComponent("report.html").absoluteString)
      }
      try page.write(to: URL(fileURLWithPath: output))
    }
    if json { return try printJSON(verdicts) }
    for verdict in verdicts { print("\(verdict.experiment): \(verdict.headline)\n") }
    if let output { print("Page: \(output)") }
  }
}

/// One command for every experiment there is.
func experimentCommands() -> [any ParsableCommand.Type] {
  func command<Kind: Experiment>(_ experiment: Kind.Type) -> any ParsableCommand.Type {
    Kind.choosesEnvironment
      ? RunExperiment<Kind, EnvironmentOptions>.self : RunExperiment<Kind, OwnEnvironments>.self
  }
  return experimentRegistry.entries.map { command($0.experiment) }
}

/// In which environment an experiment runs.
protocol ExperimentEnvironment: ParsableArguments {
  /// The environment's name.
  var environment: String { get }
  /// What of it differs from its file, over what the experiment takes where nothing is said.
  func settings(over base: EnvironmentSettings) throws -> EnvironmentSettings
}

extension EnvironmentOptions: ExperimentEnvironment {}

/// Nothing to choose: the experiment says where its arms run.
struct OwnEnvironments: ExperimentEnvironment {
  var environment: String { EnvironmentOptions.usualEnvironment }
  func settings(over base: EnvironmentSettings) -> EnvironmentSettings { base }
}

/// Runs one experiment.
struct RunExperiment<Kind: Experiment, Choice: ExperimentEnvironment>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: Kind.name, abstract: Kind.summary, discussion: Kind.discussion)
  }

  @OptionGroup var environment: Choice
  @OptionGroup var options: Kind.Options
  @OptionGroup var threads: ThreadOptions

  @Option(help: "Folder of the report and of the cells. Default: runs/<time>-<name>.")
  var output: String?

  @OptionGroup var folders: OutputOptions

  @Flag(help: "Print the result as one JSON object.")
  var json = false

  func run() throws {
    let signals = StopSignals()
    let settings = try environment.settings(over: Kind.settings)
    if Kind.choosesEnvironment { tellReplacement(of: environment.environment) }
    let claim = try folders.claim(output, name: Kind.name, as: .experiment)
    defer { claim.release() }
    let folder = claim.folder
    let started = Date()
    let outcome: Kind.Outcome
    do {
      outcome = try Kind.run(
        options,
        ExperimentSetting(
          environment: environment.environment, settings: settings, threads: threads.threads, folder: folder,
          progress: ConsoleProgress(), stop: signals.flag))
    } catch let error as UserError where signals.flag.isRaised {
      // Nothing that could be reported.
      print(error.message)
      suggestResuming(folder.relativePath)
      return try signals.exitIfStopped()
    }
    // The report of a stopped run says what there is; `result.json` is of a whole one.
    let writing = Result {
      if signals.flag.isRaised {
        try outcome.report.write(to: folder.appendingPathComponent("report.html"))
      } else {
        try outcome.write(to: folder, of: Kind.name)
      }
    }
    if json {
      try printJSON(outcome)
    } else {
      print(outcome.text)
    }
    try writing.get()
    if !json { print("\nReport: \(folder.relativePath)/report.html (\(Int(Date().timeIntervalSince(started))) s)") }
    if signals.flag.isRaised, !json { suggestResuming(folder.relativePath) }
    try signals.exitIfStopped()
  }
}
