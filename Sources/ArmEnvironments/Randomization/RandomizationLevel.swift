// How far each episode's world may differ from the nominal one.

import Foundation
import PlanarCore

/// One level of domain randomization, such as `train`: a range for every factor.
///
/// A factor that a level does not list, or lists as `off`, keeps its nominal value. Pinning a factor makes its range a
/// single number; what else is drawn does not change by it.
public struct RandomizationLevel: Equatable, Sendable {
  /// Its name in files, commands and reports.
  public var name: String
  /// All factors that there were when the level was made.
  let factors: [RandomizationFactor]
  /// One a factor.
  private var ranges: [ClosedRange<Double>]
  /// Pinned factors of single objects, by names such as `object0.mass`.
  private var objectPins: [String: Double] = [:]

  /// The level at which everything is nominal.
  public init(name: String, factors: [RandomizationFactor] = randomizationFactors.entries) {
    self.name = name
    self.factors = factors
    ranges = factors.map { $0.nominal...$0.nominal }
  }

  /// The range of a factor, by its name. For spreads and deviations the upper bound is what counts.
  ///
  /// - Precondition: there is such a factor.
  public subscript(name: String) -> ClosedRange<Double> {
    get { ranges[index(of: name)] }
    set { ranges[index(of: name)] = newValue }
  }

  /// The greatest value of a factor: the spread, or the deviation.
  ///
  /// - Precondition: there is such a factor.
  public func most(_ name: String) -> Double { self[name].upperBound }

  /// The factors that are not nominal, in their order.
  public var varied: [RandomizationFactor] {
    factors.indices.filter { !isNominal(at: $0) }.map { factors[$0] }
  }

  private func index(of name: String) -> Int {
    guard let index = factors.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("there is no randomization factor '\(name)'")
    }
    return index
  }

  func range(at index: Int) -> ClosedRange<Double> { ranges[index] }

  private func isNominal(at index: Int) -> Bool {
    ranges[index] == factors[index].nominal...factors[index].nominal
  }

  /// Whether a factor must be drawn: it is not nominal, or is drawn on a stream that others are drawn from after it.
  func isDrawn(at index: Int, object: Int?) -> Bool {
    factors[index].stream != .own || !isNominal(at: index) || (object != nil && !objectPins.isEmpty)
  }

  /// Sets a factor, or one object's, to one value for every episode.
  ///
  /// - Parameter key: a factor's name or alias, or `object0.mass` and the like for one object.
  /// - Throws: `UserError` with the nearest name where there is no such factor, or the limits where the value is outside.
  public mutating func pin(_ key: String, to value: Double) throws {
    let parts = key.split(separator: ".", maxSplits: 1)
    if parts.count == 2, parts[0].hasPrefix("object"), Int(parts[0].dropFirst(6)) != nil {
      let factor = factors[try index(named: String(parts[1]))]
      guard factor.isPerObject else {
        throw UserError("'\(factor.name)' is not drawn for each object; pin it as '\(factor.name)'")
      }
      try factor.check(value)
      objectPins["\(parts[0]).\(factor.name)"] = value
    } else {
      let index = try index(named: key)
      try factors[index].check(value)
      ranges[index] = value...value
    }
  }

  /// Lets single objects have a factor's range again.
  mutating func unpinObjects(_ factor: String) {
    objectPins = objectPins.filter { !$0.key.hasSuffix(".\(factor)") }
  }

  private func index(named name: String) throws -> Int {
    if let index = factors.firstIndex(where: { $0.name == name }) { return index }
    if let index = factors.firstIndex(where: { $0.alias == name }) { return index }
    let all = factors.map(\.name) + factors.compactMap(\.alias)
    let hint =
      nearestName(to: name, among: all).map { "did you mean '\($0)'?" }
      ?? "there are: \(all.joined(separator: ", "))"
    throw UserError("domain randomization has no item '\(name)'; \(hint)")
  }

  /// What a factor is pinned to for one object.
  func pin(at index: Int, object: Int?) -> Double? {
    guard let object, !objectPins.isEmpty else { return nil }
    return objectPins["object\(object).\(factors[index].name)"]
  }

  /// Draws a value of a factor; spreads are drawn from −spread to spread.
  func draw(at index: Int, object: Int? = nil, using random: inout RandomStream) -> Double {
    let range = ranges[index]
    let kind = factors[index].kind
    var value: Double
    switch kind {
    case .factor(logarithmic: true): value = random.logUniform(in: range)
    case .factor, .value: value = random.uniform(in: range)
    case .spread: value = random.uniform(in: -range.upperBound...range.upperBound)
    case .deviation: value = range.upperBound
    }
    if kind != .spread, range.lowerBound == range.upperBound { value = range.lowerBound }
    if let pinned = pin(at: index, object: object) { value = pinned }
    return value
  }

  /// Draws a value of a factor by its name.
  ///
  /// - Precondition: there is such a factor.
  func draw(_ name: String, using random: inout RandomStream) -> Double {
    draw(at: index(of: name), using: &random)
  }

  /// Reads the section `randomization`: levels by name, each a mapping of factors to `[least, greatest]`, one number, or
  /// `off`. With `like: <name>` the levels of `Environments/<name>.yaml` come first, and what the section itself says of
  /// a factor takes the place of what that file says.
  ///
  /// - Throws: `UserError` naming file, line and key.
  static func readAll(_ top: SpecReader) throws -> [RandomizationLevel] {
    let levels = try readLevels(top.section("randomization"))
    guard !levels.isEmpty else { throw top.error(at: "randomization", "has no levels; give at least 'none: {}'") }
    return levels
  }

  private static func readLevels(_ section: SpecReader) throws -> [RandomizationLevel] {
    var levels: [RandomizationLevel] = []
    if section.has("like") {
      let name = try section.string("like")
      guard let file = ProjectFolder.find("Environments/\(name).yaml") else {
        throw section.error(at: "like", "names a file that is not there: Environments/\(name).yaml")
      }
      levels = try readLevels(SpecReader.open(file, as: section.known))
    }
    for name in section.keys where name != "like" {
      let index = levels.firstIndex { $0.name == name }
      var level = index.map { levels[$0] } ?? RandomizationLevel(name: name)
      if !section.isOff(name) { try level.read(section.section(name)) }
      if let index { levels[index] = level } else { levels.append(level) }
    }
    return levels
  }

  private mutating func read(_ section: SpecReader) throws {
    try section.allowKnown()
    for (index, factor) in factors.enumerated() where section.has(factor.name) {
      if section.isOff(factor.name) {
        ranges[index] = factor.nominal...factor.nominal
        continue
      }
      if factor.isSingleNumber, section.isList(factor.name) {
        throw section.error(at: factor.name, "must be one number, not a range: \(factor.meaning)")
      }
      ranges[index] = try section.rangeOrNumber(factor.name)
    }
  }
}
