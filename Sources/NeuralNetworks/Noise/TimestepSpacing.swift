// Which of the noise levels of training a few sampling steps visit.

/// How sampling steps are spread over the timesteps of training: the names and numbers of diffusers'
/// `timestep_spacing` (its `DDIMScheduler.set_timesteps`; table 2 of Lin et al. 2024, arXiv 2305.08891, compares them).
///
/// Of T = 100 timesteps in 8 steps:
///
/// ```
///   leading     84 72 60 48 36 24 12  0    i·⌊T/n⌋, from the last
///   trailing    99 87 74 61 49 37 24 11    round(T − i·T/n) − 1: the first is always the noisiest there is
///   linspace    99 85 71 57 42 28 14  0    round(i·(T − 1)/(n − 1)), from the last
/// ```
///
/// Halves are rounded to the even neighbour, as NumPy rounds them.
public enum TimestepSpacing: String, Codable, CaseIterable, Sendable {
  /// Begins at ⌊T/n⌋·(n − 1): where n is small or does not divide T, far from pure noise, though sampling starts with it.
  case leading
  /// Begins at T − 1, and ends above 0.
  case trailing
  /// Begins at T − 1 and ends at 0; one step visits 0 alone.
  case linspace

  /// What costs nothing at any count: `leading` where it divides T and begins in the noisiest tenth, else `trailing`.
  public static func usual(of steps: Int, count: Int) -> TimestepSpacing {
    let stride = steps / max(1, count)
    return steps % max(1, count) == 0 && 10 * stride <= steps ? .leading : .trailing
  }
}

extension DiffusionSchedule {
  /// The timesteps that `count` sampling steps visit, from the noisiest.
  ///
  /// - Parameter spacing: how they are spread; `leading` leaves a rest out where the count does not divide the timesteps.
  public func timesteps(count: Int, spacing: TimestepSpacing = .leading) -> [Int] {
    require(count > 0 && count <= steps, "\(count) sampling steps do not fit \(steps) timesteps")
    switch spacing {
    case .leading:
      let stride = steps / count
      return (0..<count).reversed().map { $0 * stride }
    case .trailing:
      let first = Double(steps)
      // NumPy's arange adds multiples of the difference of its first two numbers.
      let stride = (first - first / Double(count)) - first
      return (0..<count).map { Int((first + Double($0) * stride).rounded(.toNearestOrEven)) - 1 }
    case .linspace:
      guard count > 1 else { return [0] }
      let stride = Double(steps - 1) / Double(count - 1)
      return (0..<count).reversed().map {
        $0 == count - 1 ? steps - 1 : Int((Double($0) * stride).rounded(.toNearestOrEven))
      }
    }
  }
}
