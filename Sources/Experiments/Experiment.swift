// A question put to policies, with its answer said beforehand: the door of experiments.

import ArgumentParser
import PlanarArmEnvironments
import PlanarEvaluation
import Foundation
import PlanarCore

/// An experiment, as `planar experiment` lists, shows and runs it.
///
/// ```swift
/// enum LatencyCost: Experiment {
///   static let name = "latency-cost"
///   static let summary = "What a late answer costs."
///   static let hypothesis = "Chunks hide latency as long as they are longer than it."
///   static let prediction = "Success falls by less than 5 points up to a delay of 4 steps, by more than 20 at 12."
///   struct Options: ParsableArguments { @Option var episodes = 200 }
///   static func run(_ options: Options, _ setting: ExperimentSetting) throws -> Outcome { … }
/// }
/// ```
public protocol Experiment: Sendable {
  /// Options of its own, beside those of the environment, threads and output.
  associatedtype Options: ParsableArguments
  /// What came out; written as `result.json`.
  associatedtype Outcome: ExperimentOutcome
  /// What the command line calls it, such as `covariate-shift`.
  static var name: String { get }
  /// One line on what it compares.
  static var summary: String { get }
  /// What is held to be true, in a sentence or two.
  static var hypothesis: String { get }
  /// What must be seen if the hypothesis holds, with numbers, so that the run can refute it.
  static var prediction: String { get }
  /// How it is done, and examples, for its help; empty by default.
  static var discussion: String { get }
  /// Whether the command line says in which environment it runs; true by default.
  static var choosesEnvironment: Bool { get }
  /// How its environment is loaded where the command line does not say; as everywhere by default.
  static var settings: EnvironmentSettings { get }
  /// Runs it.
  ///
  /// - Throws: `UserError` where an option is out of range or the environment cannot serve.
  static func run(_ options: Options, _ setting: ExperimentSetting) throws -> Outcome
}

extension Experiment {
  /// Nothing beyond the summary.
  public static var discussion: String { "" }
  /// It runs in any.
  public static var choosesEnvironment: Bool { true }
  /// As everywhere.
  public static var settings: EnvironmentSettings { .standard }
}

/// What came out of an experiment.
public protocol ExperimentOutcome: Encodable {
  /// The answer in one sentence, with its numbers; "Too brief to judge" where there is none.
  var headline: String { get }
  /// Tables and findings for a terminal.
  var text: String { get }
  /// The same with plots, for somebody without the manual.
  var report: HTMLReport { get }
  /// A row for each arm, with its estimate and interval, for spreadsheets; nil, which is the default, where there are none.
  var armTable: CSVTable? { get }
}

extension ExperimentOutcome {
  /// None.
  public var armTable: CSVTable? { nil }

  /// The first line of the text.
  public var headline: String {
    let line = text.prefix { $0 != "\n" }
    return String(line.hasPrefix("- ") ? line.dropFirst(2) : line)
  }

  /// Writes `report.html`, `arms.csv` where there are arms, `verdict.json` and, last, `result.json`; of a run that was
  /// stopped the report alone, which says what there is.
  ///
  /// - Parameter arguments: of the command line, besides folders.
  /// - Throws: `UserError` where the folder cannot be written.
  public func write(to folder: URL, of name: String, arguments: [String] = [], isStopped: Bool = false) throws {
    try report.write(to: folder.appendingPathComponent("report.html"))
    if isStopped { return }
    if let armTable {
      try PartialFile.write(Data(armTable.text.utf8), to: folder.appendingPathComponent("arms.csv"))
    }
    try ExperimentVerdict(experiment: name, headline: headline, arguments: arguments).write(to: folder)
    try writeSummary(self, to: folder.appendingPathComponent("result.json"))
  }
}

/// Where and how an experiment runs.
public struct ExperimentSetting: Sendable {
  /// The environment's name, such as `push`.
  public var environment: String
  /// What of the environment differs from its file.
  public var settings: EnvironmentSettings
  /// Jobs that run side by side; results do not depend on them.
  public var threads: Int
  /// What is written goes here; it exists.
  public var folder: URL
  /// Told how far the work has come.
  public var progress: any ProgressReporter
  /// Raised where the run is to end soon, with what there is.
  public var stop: StopFlag

  /// - Parameters: as the properties of the same names.
  public init(
    environment: String, settings: EnvironmentSettings, threads: Int, folder: URL,
    progress: any ProgressReporter = SilentProgress(), stop: StopFlag = StopFlag()
  ) {
    self.environment = environment
    self.settings = settings
    self.threads = threads
    self.folder = folder
    self.progress = progress
    self.stop = stop
  }

  /// The environment with its settings.
  ///
  /// - Throws: `UserError` where there is none of that name or a setting is wrong.
  public func world() throws -> any LibraryEnvironment {
    try EnvironmentLibrary.environment(named: environment, settings: settings)
  }
}
