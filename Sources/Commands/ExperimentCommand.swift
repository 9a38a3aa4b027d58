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
    // By this the folder is known again.
    let arguments = quick ? ["--quick"] : []
    try writeSummary(arguments, to: claim.folder.appendingPathComponent(ExperimentGroup.file))
    var failures: [String] = []
    var table = TextTable(header: ["experiment", "seconds", "what came out"])
    for kind in experimentRegistry.entries where !signals.flag.isRaised {
      let started = Date()
      do {
        let folder = claim.folder.appendingPathComponent(kind.name, isDirectory: true)
        let known = folders.resume ? try ExperimentVerdict(reading: folder) : nil
        let isKnown = known?.arguments == arguments
        let headline =
          isKnown ? known!.headline : try headline(of: kind.experiment, arguments, in: folder, stop: signals.flag)
        if signals.flag.isRaised { break }
        let seconds = isKnown ? "–" : "\(Int(Date().timeIntervalSince(started)))"
        table.rows.append([kind.name, seconds, headline])
        print("\(kind.name) (\(seconds) s): \(headline)\n")
        StandardStreams.flush()
      } catch {
        if signals.flag.isRaised { break }
        failures.append("\(kind.name): \((error as? UserError)?.message ?? "\(error)")")
        warn(failures.last!)
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

  /// Runs one experiment in a folder of its own.
  private func headline<Kind: Experiment>(
    of experiment: Kind.Type, _ arguments: [String], in folder: URL, stop: StopFlag
  ) throws -> String {
    let intent: FolderClaim.Intent = folders.overwrite ? .overwrite : folders.resume ? .beginOrGoOn : .begin
    let claim = try FolderClaim(of: folder, as: .experiment, to: intent)
    defer { claim.release() }
    let outcome = try Kind.run(
      Kind.Options.parse(arguments),
      ExperimentSetting(
        environment: EnvironmentOptions.usualEnvironment, settings: Kind.settings, threads: threads.threads,
        folder: folder, progress: ConsoleProgress(), stop: stop))
    if stop.isRaised {
      try outcome.report.write(to: folder.appendingPathComponent("report.html"))
    } else {
      try outcome.write(to: folder, of: Kind.name, arguments: arguments)
    }
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
    let found = try folders.map { ($0, try ExperimentVerdict(reading: $0)) }
    for (folder, verdict) in found where verdict == nil {
      warn("\(folder.relativePath) holds no finished experiment (no verdict.json), and is left out")
    }
    let finished = found.compactMap { folder, verdict in verdict.map { (folder, $0) } }
    let verdicts = finished.map(\.1)
    guard !verdicts.isEmpty else {
      throw UserError(
        "none of the folders holds a finished experiment; give those that 'planar experiment run' has written")
    }
    if let output {
      guard overwrite || !FileManager.default.fileExists(atPath: output) else {
        throw UserError("\(output) is there already; give --overwrite to replace it, or another --output")
      }
      var page = HTMLReport(title: "Experiments")
      for (folder, verdict) in finished {
        page.heading(verdict.experiment)
        page.paragraph(verdict.headline)
        page.link("The whole report", to: path(to: folder.appendingPathComponent("report.html"), from: output))
      }
      try page.write(to: URL(fileURLWithPath: output))
    }
    if json { return try printJSON(verdicts) }
    for verdict in verdicts { print("\(verdict.experiment): \(verdict.headline)\n") }
    if let output { print("Page: \(output)") }
  }

  /// A file as a page beside it links to it.
  private func path(to file: URL, from page: String) -> String {
    let target = file.standardizedFileURL.pathComponents
    let base = URL(fileURLWithPath: page).standardizedFileURL.deletingLastPathComponent().pathComponents
    let common = zip(target, base).prefix { $0 == $1 }.count
    let up = Array(repeating: "..", count: base.count - common)
    return (up + target.dropFirst(common)).joined(separator: "/")
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

  /// What was given besides folders and threads, for the verdict.
  private var arguments: [String] {
    var arguments: [String] = []
    var rest = CommandLine.arguments.drop { $0 != Kind.name }.dropFirst()
    while let word = rest.popFirst() {
      switch word {
      case "--output", "--threads": _ = rest.popFirst()
      case "--resume", "--overwrite", "--json": break
      default: arguments.append(word)
      }
    }
    return arguments
  }

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
        try outcome.write(to: folder, of: Kind.name, arguments: arguments)
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
