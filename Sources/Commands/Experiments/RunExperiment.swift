// planar experiment run NAME: one command for every experiment there is.

import ArgumentParser
import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarExperiments

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
    let command = NextCommand.fromTheBeginning.again(dropping: ["--output", "--threads"], without: ["--json"])
    return Array(command.arguments.drop { $0 != Kind.name }.dropFirst())
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
    let writing = Result {
      try outcome.write(to: folder, of: Kind.name, arguments: arguments, isStopped: signals.flag.isRaised)
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
