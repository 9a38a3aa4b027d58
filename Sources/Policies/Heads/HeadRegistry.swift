// The list of policy families; other packages add theirs.

import PlanarCore

/// The policy families there are. A new one is a folder and a line here, or from another package
/// `headRegistry.register(HeadKind(MyOptions.self))`.
public let headRegistry = Registry(
  of: "head",
  [
    HeadKind(RegressionOptions.self), HeadKind(BinsOptions.self), HeadKind(FastOptions.self),
    HeadKind(ACTOptions.self), HeadKind(DiffusionOptions.self), HeadKind(FlowOptions.self),
    HeadKind(OneStepOptions.self),
  ])

extension HeadChoice {
  /// The plainest family: one loss, one pass. What comparisons take where the head is not what is compared.
  public static var plain: HeadChoice { HeadChoice(RegressionOptions()) }

  /// The family to try first where nothing speaks for another.
  public static var suggested: HeadChoice { HeadChoice(FlowOptions()) }
}

/// A policy family, as files and the command line name it.
public struct HeadKind: Registrable {
  /// How its options are read; they make the head.
  public let options: any HeadOptions.Type
  /// The family's name, such as `flow`.
  public var name: String { options.name }

  /// The family of some options, all of which have defaults.
  public init(_ options: any HeadOptions.Type) { self.options = options }
}
