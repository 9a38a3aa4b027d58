// From noise to action along a velocity field.

/// Solvers of dx/dt = v(x, t) from t = 0 to 1 in equal steps.
public enum FlowIntegrator: String, Codable, CaseIterable, Sendable {
  /// x ← x + h·v(x, t).
  case euler
  /// x ← x + h·v(x + h/2·v(x, t), t + h/2).
  case midpoint
  /// x ← x + h/2·(v(x, t) + v(x + h·v(x, t), t + h)).
  case heun

  /// Evaluations of the field per step.
  public var evaluationsPerStep: Int { self == .euler ? 1 : 2 }

  /// Integrates `state` in place.
  ///
  /// - Parameters:
  ///   - workspace: at least three times the state's count.
  ///   - reachesEnd: whether the field is defined at t = 1. Where it is not, Heun's last step is one of Euler
  ///     (Karras et al. 2022, algorithm 1); the others never look there.
  ///   - field: writes v(x, t) to its last argument.
  public func integrate(
    _ state: UnsafeMutableBufferPointer<Float>, steps: Int, workspace: FloatBuffer,
    reachesEnd: Bool = true,
    field: (UnsafeBufferPointer<Float>, Float, UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    integrate(
      state, steps: steps,
      workspace: UnsafeMutableBufferPointer(start: workspace.pointer, count: workspace.count),
      reachesEnd: reachesEnd, field: field)
  }

  /// The same in any precision.
  @inlinable
  public func integrate<Scalar: BinaryFloatingPoint>(
    _ state: UnsafeMutableBufferPointer<Scalar>, steps: Int,
    workspace: UnsafeMutableBufferPointer<Scalar>, reachesEnd: Bool = true,
    field: (UnsafeBufferPointer<Scalar>, Scalar, UnsafeMutableBufferPointer<Scalar>) -> Void
  ) {
    let count = state.count
    precondition(steps > 0 && workspace.count >= 3 * count, "integrate: workspace or steps too small")
    let first = UnsafeMutableBufferPointer(rebasing: workspace[..<count])
    let second = UnsafeMutableBufferPointer(rebasing: workspace[count..<2 * count])
    let trial = UnsafeMutableBufferPointer(rebasing: workspace[2 * count..<3 * count])
    let h = 1 / Scalar(steps)
    for step in 0..<steps {
      let t = Scalar(step) / Scalar(steps)
      field(UnsafeBufferPointer(state), t, first)
      let isOpenEnd = step == steps - 1 && !reachesEnd
      switch self == .heun && isOpenEnd ? .euler : self {
      case .euler:
        for i in 0..<count { state[i] += h * first[i] }
      case .midpoint:
        for i in 0..<count { trial[i] = state[i] + h / 2 * first[i] }
        field(UnsafeBufferPointer(trial), t + h / 2, second)
        for i in 0..<count { state[i] += h * second[i] }
      case .heun:
        for i in 0..<count { trial[i] = state[i] + h * first[i] }
        field(UnsafeBufferPointer(trial), t + h, second)
        for i in 0..<count { state[i] += h / 2 * (first[i] + second[i]) }
      }
    }
  }
}
