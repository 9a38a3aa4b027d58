// The list of learning methods; other packages add theirs.

import Foundation
import PlanarCore

/// The learning methods there are. A new one is a folder and a line here, or from another package
/// `learningMethodRegistry.register(LearningMethodKind(MyMethod.self))`.
public let learningMethodRegistry = Registry(
  of: "learning method",
  [LearningMethodKind(BehaviourCloning.self), LearningMethodKind(DAgger.self), LearningMethodKind(GatedDAgger.self)])

/// A learning method, as recipes name it.
public struct LearningMethodKind: Registrable {
  /// The type of its options, which is the method.
  public let method: any LearningMethod.Type
  /// What recipes call it, such as `dagger`.
  public var name: String { method.name }

  /// The kind of a type.
  public init(_ method: any LearningMethod.Type) { self.method = method }
}

/// A learning method by name with its options, in JSON `{"name": …, "options": {…}}`.
public struct LearningMethodChoice: Codable, Sendable {
  /// The method and its options.
  public var method: any LearningMethod
  /// The method's name.
  public var name: String { Swift.type(of: method).name }

  /// The choice of a method with options.
  public init(_ method: any LearningMethod) { self.method = method }

  /// A method with default options.
  ///
  /// - Throws: `UserError` that lists the methods where there is none of that name.
  public init(named name: String) throws {
    method = try learningMethodRegistry.entry(named: name).method.init()
  }

  private enum Key: CodingKey {
    case name
    case options
  }

  /// Options that are left out have their defaults.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let kind = try learningMethodRegistry.entry(named: container.decode(String.self, forKey: .name))
    method =
      try container.contains(.options) ? container.decode(kind.method, forKey: .options) : kind.method.init()
  }

  /// The name, and all options.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(method, forKey: .options)
  }
}
