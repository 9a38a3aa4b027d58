// What a reference case is, and what comes of replaying it.

/// One quantity of a replayed case: how far it is off, and how far it may be.
public struct VerificationCheck: Equatable, Sendable {
  /// What was compared, with its unit.
  public var quantity: String
  /// How far the quantity is off, in its unit.
  public var error: Double
  /// How far it may be off.
  public var tolerance: Double
  /// The largest difference of arrays that were compared, and its ratio to the largest number of the reference.
  public var absolute: Double?
  /// Their largest difference as a share of the reference's largest number.
  public var relative: Double?

  /// A quantity that was compared.
  public init(
    _ quantity: String, error: Double, tolerance: Double, absolute: Double? = nil,
    relative: Double? = nil
  ) {
    self.quantity = quantity
    self.error = error
    self.tolerance = tolerance
    self.absolute = absolute
    self.relative = relative
  }

  /// False for an error that is not a number.
  public var passed: Bool { error <= tolerance }

  /// Above 1 where the check fails.
  var strain: Double {
    guard error.isFinite else { return .infinity }
    return tolerance > 0 ? error / tolerance : (error > 0 ? .infinity : 0)
  }
}

/// A case that can be replayed apart from all others.
public struct VerificationCase: Sendable {
  /// `<file>/<case>`.
  public let name: String
  let replay: @Sendable () -> [VerificationCheck]

  init(_ name: String, _ replay: @escaping @Sendable () -> [VerificationCheck]) {
    self.name = name
    self.replay = replay
  }

  /// Replays the case. Of its checks, the one that is nearest to its tolerance, or farthest beyond, stands
  /// for it; where arrays were compared, all are told.
  public func result() -> CaseResult {
    let checks = replay()
    let worst = checks.max { $0.strain < $1.strain }
    let check =
      worst ?? VerificationCheck("nothing to compare", error: .infinity, tolerance: 0)
    let detailed = checks.contains { $0.absolute != nil }
    return CaseResult(
      name: name, quantity: check.quantity, error: writable(check.error), tolerance: check.tolerance,
      passed: check.passed, absolute: check.absolute.map(writable),
      relative: check.relative.map(writable), checks: detailed ? checks.map(CheckResult.init) : nil)
  }
}

/// JSON knows no infinity.
private func writable(_ error: Double) -> Double { error.isFinite ? error : .greatestFiniteMagnitude }

/// What came of one quantity of a case.
public struct CheckResult: Codable, Equatable, Sendable {
  /// What was compared, with its unit.
  public var quantity: String
  /// How far the quantity is off; the greatest finite number where the replay went to infinity.
  public var error: Double
  /// How far it may be off.
  public var tolerance: Double
  /// Whether it is within its tolerance.
  public var passed: Bool
  /// The largest difference of arrays that were compared.
  public var absolute: Double?
  /// That difference as a share of the reference's largest number.
  public var relative: Double?

  init(_ check: VerificationCheck) {
    quantity = check.quantity
    error = writable(check.error)
    tolerance = check.tolerance
    passed = check.passed
    absolute = check.absolute.map(writable)
    relative = check.relative.map(writable)
  }
}

/// What came of one case.
public struct CaseResult: Codable, Equatable, Sendable {
  /// `<file>/<case>`.
  public var name: String
  /// Which of the case's quantities `error` and `tolerance` tell of.
  public var quantity: String
  /// The greatest finite number where the replay went to infinity.
  public var error: Double
  /// How far that quantity may be off.
  public var tolerance: Double
  /// Whether all quantities are within their tolerances.
  public var passed: Bool
  /// The largest difference of the arrays compared, and its ratio to the largest number of the reference;
  /// nil where the case is not of arrays.
  public var absolute: Double?
  /// That difference as a share of the reference's largest number.
  public var relative: Double?
  /// All quantities of the case; nil where it is not of arrays.
  public var checks: [CheckResult]?

  /// What came of a case.
  public init(
    name: String, quantity: String, error: Double, tolerance: Double, passed: Bool,
    absolute: Double? = nil, relative: Double? = nil, checks: [CheckResult]? = nil
  ) {
    self.absolute = absolute
    self.relative = relative
    self.checks = checks
    self.name = name
    self.quantity = quantity
    self.error = error
    self.tolerance = tolerance
    self.passed = passed
  }
}

/// What came of a set of cases.
public struct VerificationReport: Codable, Equatable, Sendable {
  /// One result per case that was replayed.
  public var cases: [CaseResult]
  /// How many of them failed.
  public var failed: Int
  /// Cases that could not be replayed here.
  public var skipped: Int
  /// Reference files that the folder lacks.
  public var absent: [String]

  /// A report; failures are counted from `cases`.
  public init(cases: [CaseResult], skipped: Int = 0, absent: [String] = []) {
    self.cases = cases
    self.skipped = skipped
    self.absent = absent
    failed = cases.count { !$0.passed }
  }
}
