// Scripted demonstrators that a task's file can choose by name.

import PlanarCore
import PlanarPolicyInterface

/// A scripted demonstrator that does not belong to one task alone.
public struct ScriptedExpert: Registrable {
  /// As `arrange.expert` names it.
  public let name: String
  let make: @Sendable () -> any Expert<ArmEnvironment>

  /// An expert by its name in files, with how it is made.
  public init(_ name: String, _ make: @escaping @Sendable () -> any Expert<ArmEnvironment>) {
    self.name = name
    self.make = make
  }
}

/// The demonstrators that files can name.
public let expertRegistry = Registry<ScriptedExpert>(of: "expert", [ScriptedExpert("push") { PushExpert() }])
