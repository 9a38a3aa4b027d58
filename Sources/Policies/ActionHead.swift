// What a policy family adds to the shared trunk and expert, and the list of families.

import Foundation
import NeuralNetworks
import PlanarCore

/// The families there are. A new one is a folder and a line here.
let headRegistry: [any HeadOptions.Type] = [
  RegressionOptions.self, DiffusionOptions.self, FlowOptions.self,
]

/// The options of one family, as config.json keeps them.
public protocol HeadOptions: Codable, Hashable, Sendable {
  /// The family's name, such as `flow`.
  static var name: String { get }
  /// - Throws: `UserError` naming the option at fault.
  func validate() throws
  /// The same with another number of denoising or integration steps at inference.
  ///
  /// - Throws: `UserError` where the family has no steps or not so many.
  func settingSteps(_ steps: Int) throws -> Self
  func makeHead() -> any ActionHead
}

/// How the expert is trained and run.
public protocol ActionHead: Sendable {
  /// Whether the expert is told a time (and noise levels exist at all).
  var usesTime: Bool { get }
  /// Records the loss of some rows.
  ///
  /// - Parameters:
  ///   - chunks: the expert's chunks, `[rows, horizon · action]`.
  ///   - condition: the expert's condition, from `ActionExpert.condition`.
  ///   - count: how many numbers the whole batch's chunks hold; the mean is over these.
  /// - Returns: The rows' part of the batch's loss.
  func loss(
    _ expert: ActionExpert, condition: Tensor, chunks: UnsafeBufferPointer<Float>, rows: Int,
    count: Int, on tape: Tape, noise: inout RandomStream
  ) -> Float
  /// Turns `chunks` (`[batch, horizon · action]`: standard normal noise where the head uses time, else
  /// zeros) into predictions.
  func predict(_ chunks: UnsafeMutableBufferPointer<Float>, with denoiser: Denoiser)
}

/// A family by name with its options, in JSON `{"name": …, "options": {…}}`.
public struct HeadChoice: Codable, Sendable {
  public var options: any HeadOptions
  public var name: String { Swift.type(of: options).name }

  public init(_ options: any HeadOptions) { self.options = options }

  /// The names of all families.
  public static var names: [String] { headRegistry.map { $0.name } }

  /// A family with default options.
  ///
  /// - Throws: `UserError` that lists the families where there is none of that name.
  public init(named name: String) throws {
    let type = try Self.type(named: name)
    do {
      options = try JSONDecoder().decode(type, from: Data("{}".utf8))
    } catch {
      preconditionFailure("the options of '\(name)' have no defaults: \(error)")
    }
  }

  private static func type(named name: String) throws -> any HeadOptions.Type {
    guard let type = headRegistry.first(where: { $0.name == name }) else {
      let hint = nearestName(to: name, among: names).map { " (did you mean '\($0)'?)" } ?? ""
      throw UserError(
        "there is no head '\(name)'\(hint); the heads are \(names.joined(separator: ", "))")
    }
    return type
  }

  private enum Key: CodingKey {
    case name
    case options
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let type = try Self.type(named: container.decode(String.self, forKey: .name))
    options = try container.decode(type, forKey: .options)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(options, forKey: .options)
  }
}
