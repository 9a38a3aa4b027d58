// planar experiment run --all: every experiment, one after the other.

import ArgumentParser
import Foundation
import PlanarCore
import PlanarExperiments
import PlanarEvaluation

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
    let group = ExperimentGroup(folder: claim.folder)
    let mark = claim.folder.appendingPathComponent(ExperimentGroup.file)
    if folders.resume, let known = try? JSONDecoder().decode([String].self, from: Data(contentsOf: mark)),
      known != arguments
    {
      throw UserError(
        "\(claim.folder.relativePath) holds the \(known.isEmpty ? "full" : "quick") forms; go on with them \(known.isEmpty ? "without" : "with") --quick, or give another --output"
      )
    }
    if folders.overwrite { try group.removeVerdicts() }
    try writeSummary(arguments, to: mark)
    var failures: [String] = []
    var table = TextTable(header: ["experiment", "seconds", "what came out"])
    for kind in experimentRegistry.entries where !signals.flag.isRaised {
      let started = Date()
      do {
        let folder = claim.folder.appendingPathComponent(kind.name, isDirectory: true)
        let isFinished = !group.unfinished.contains(kind.name)
        let known = folders.resume && isFinished ? try ExperimentVerdict(reading: folder) : nil
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
    try outcome.write(to: folder, of: Kind.name, arguments: arguments, isStopped: stop.isRaised)
    return outcome.headline
  }
}
