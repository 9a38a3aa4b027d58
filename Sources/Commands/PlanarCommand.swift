// The program: it only lists subcommands.

import ArgumentParser
import Foundation
import PlanarCore
import Synchronization

/// `planar` and its subcommands.
public struct PlanarCommand: ParsableCommand {
  /// Its help, and all subcommands: Planar's own and those that were added.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "planar",
      abstract: "A sandbox for robot policies that obey text: watch, measure and compare them on a laptop.",
      discussion: """
        Try, in this order:
          planar demo                                       watch the shipped policies obey commands
          planar eval --policy Assets/checkpoints/push-flow measure one, with intervals
          planar compare policies push-flow push-regression say which of two is better, and by how much
          planar compare covariate-shift --quick            see behaviour cloning drift and DAgger mend it

        See what there is to do:
          planar environment list
          planar environment show push

        Train your own:
          planar record --output runs/demos                 expert demonstrations
          planar dataset show runs/demos                    a sheet of what they look like
          planar train flow --data runs/demos --output runs/my-flow
          planar train Assets/recipes/push-flow.yaml        a shipped checkpoint, from its recipe
        """,
      version: planarVersion,
      subcommands: [
        DemoCommand.self, EnvironmentCommand.self, EvalCommand.self, ExperimentCommand.self, CompareCommand.self,
        RecordCommand.self, DatasetCommand.self, TrainCommand.self, DAggerCommand.self, TableCommand.self,
        RunsCommand.self, RenderCommand.self,
        BenchCommand.self, VerifyCommand.self, FuzzCommand.self,
      ] + added.withLock { $0 })
  }
  private static let added = Mutex<[any ParsableCommand.Type]>([])

  /// The program with its commands.
  public init() {}

  /// Runs the program with the arguments of its process; tasks' options are flags.
  public static func main() {
    StandardStreams.prepare()
    do {
      let arguments = TaskOptionFlags.rewritten(Array(CommandLine.arguments.dropFirst()))
      try RepeatedOptions.refuse(in: arguments, of: Self.self)
      var command = try parseAsRoot(arguments)
      try command.run()
      try StandardStreams.requireWritten()
    } catch { end(with: error) }
  }

  /// Ends the program: help on standard output, errors on standard error, with the exit code that says which.
  private static func end(with error: any Error) -> Never {
    let text = fullMessage(for: error)
    var code = exitCode(for: error)
    if !code.isSuccess {
      // What was printed before an error is sent on, too; the error says more than its loss.
      StandardStreams.flush()
      if !text.isEmpty { StandardStreams.tell(text + "\n") }
      Foundation.exit(code.rawValue)
    }
    if !text.isEmpty { print(text) }
    do { try StandardStreams.requireWritten() } catch {
      let loss = fullMessage(for: error)
      if !loss.isEmpty { StandardStreams.tell(loss + "\n") }
      code = exitCode(for: error)
    }
    Foundation.exit(code.rawValue)
  }

  /// Runs the command line's command, with more commands than Planar's own.
  ///
  /// What other packages register, they register before:
  ///
  /// ```swift
  /// headRegistry.register(HeadKind(MyOptions.self))
  /// PlanarCommand.main(adding: [MyCommand.self])
  /// ```
  public static func main(adding commands: [any ParsableCommand.Type]) {
    added.withLock { $0 += commands }
    main()
  }
}
