// How a pilot's policy makes its chunks, where that can be set while it drives.

import PlanarPolicyInterface

/// Denoising steps and guidance of a policy.
public struct PilotSampling: Sendable {
  /// Steps from noise to chunk; nil where there is no noise.
  public var steps: Int?
  /// The greatest number of steps that can be set.
  public var mostSteps: Int
  /// How strongly the command guides, 1 as learned; nil for a policy that was never trained without a command.
  public var guidance: Double?
  /// The same policy with other settings.
  private let make: @Sendable (_ steps: Int?, _ guidance: Double?) throws -> any Policy

  /// Settings as they are.
  ///
  /// - Parameter make: the policy with other settings; it throws where it cannot have them.
  public init(
    steps: Int?, mostSteps: Int, guidance: Double?,
    make: @escaping @Sendable (_ steps: Int?, _ guidance: Double?) throws -> any Policy
  ) {
    self.steps = steps
    self.mostSteps = mostSteps
    self.guidance = guidance
    self.make = make
  }

  /// The policy with these settings.
  ///
  /// - Throws: what the policy says where it cannot have them.
  func policy() throws -> any Policy { try make(steps, guidance) }
}
