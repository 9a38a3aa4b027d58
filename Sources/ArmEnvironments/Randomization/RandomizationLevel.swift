// How far each episode's world may differ from the nominal one.

import Foundation
import PlanarCore

/// One level of domain randomization, such as `train`: a range for every item.
///
/// An item that a level does not list, or lists as `off`, keeps its nominal value. Pinning an item makes its range a
/// single number; what else is drawn does not change by it.
public struct RandomizationLevel: Equatable, Sendable {
  public var name: String
  private var ranges: [ClosedRange<Double>]
  /// Pinned items of single objects, by names such as `object0.mass`.
  private var objectPins: [String: Double] = [:]

  /// The level at which everything is nominal.
  public init(name: String) {
    self.name = name
    ranges = RandomizationItem.allCases.map { $0.nominal...$0.nominal }
  }

  /// The range of an item. For spreads and deviations the upper bound is what counts.
  public subscript(item: RandomizationItem) -> ClosedRange<Double> {
    get { ranges[item.place] }
    set { ranges[item.place] = newValue }
  }

  /// The greatest value of an item: the spread, or the deviation.
  public func most(_ item: RandomizationItem) -> Double { self[item].upperBound }

  /// The items that are not nominal, in their order.
  public var items: [RandomizationItem] {
    RandomizationItem.allCases.filter { self[$0] != $0.nominal...$0.nominal }
  }

  /// Sets an item, or one object's, to one value for every episode.
  ///
  /// - Parameter key: an item's name (`friction` is short for `support_friction`), or `object0.mass` and the like for
  ///   one object.
  /// - Throws: `UserError` with the nearest name where there is no such item, or the limits where the value is outside.
  public mutating func pin(_ key: String, to value: Double) throws {
    let parts = key.split(separator: ".", maxSplits: 1)
    if parts.count == 2, parts[0].hasPrefix("object"), Int(parts[0].dropFirst(6)) != nil {
      let item = try Self.item(named: String(parts[1]))
      guard item.isPerObject else {
        throw UserError("'\(item.rawValue)' is not drawn for each object; pin it as '\(item.rawValue)'")
      }
      try item.check(value)
      objectPins[key] = value
    } else {
      let item = try Self.item(named: key)
      try item.check(value)
      self[item] = value...value
    }
  }

  private static func item(named name: String) throws -> RandomizationItem {
    if name == "friction" { return .supportFriction }
    if let item = RandomizationItem(rawValue: name) { return item }
    let all = RandomizationItem.allCases.map(\.rawValue)
    let hint =
      nearestName(to: name, among: all).map { "did you mean '\($0)'?" }
      ?? "there are: \(all.joined(separator: ", "))"
    throw UserError("domain randomization has no item '\(name)'; \(hint)")
  }

  /// Draws a value of an item; spreads are drawn from −spread to spread.
  func draw(
    _ item: RandomizationItem, object: Int? = nil, using random: inout RandomStream
  ) -> Double {
    let range = self[item]
    var value: Double
    switch item.kind {
    case .factor(logarithmic: true): value = random.logUniform(in: range)
    case .factor, .value: value = random.uniform(in: range)
    case .spread: value = random.uniform(in: -range.upperBound...range.upperBound)
    case .deviation: value = range.upperBound
    }
    if item.kind != .spread, range.lowerBound == range.upperBound { value = range.lowerBound }
    if let object, let pinned = objectPins["object\(object).\(item.rawValue)"] { value = pinned }
    return value
  }

  /// Reads the section `randomization`: levels by name, each a mapping of items to `[least, greatest]`, one number, or
  /// `off`. With `like: <name>` the levels of `Environments/<name>.yaml` come first, and what the section itself says of
  /// an item takes the place of what that file says.
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
      let place = levels.firstIndex { $0.name == name }
      var level = place.map { levels[$0] } ?? RandomizationLevel(name: name)
      if !section.isOff(name) { try level.read(section.section(name)) }
      if let place { levels[place] = level } else { levels.append(level) }
    }
    return levels
  }

  private mutating func read(_ section: SpecReader) throws {
    try section.allowKnown()
    for item in RandomizationItem.allCases where section.has(item.rawValue) {
      if section.isOff(item.rawValue) {
        self[item] = item.nominal...item.nominal
        continue
      }
      if item.kind == .spread || item.kind == .deviation, section.isList(item.rawValue) {
        throw section.error(at: item.rawValue, "must be one number, not a range: \(item.meaning)")
      }
      self[item] = try section.rangeOrNumber(item.rawValue)
    }
  }
}

extension RandomizationItem {
  /// The item's place among all.
  fileprivate var place: Int { Self.places[self]! }
  private static let places = Dictionary(
    uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })

  fileprivate func check(_ value: Double) throws {
    guard limits.contains(value) else {
      throw UserError(
        "'\(rawValue)' is \(value), but must lie between \(limits.lowerBound) and \(limits.upperBound)\(unit.isEmpty ? "" : " \(unit)")"
      )
    }
  }
}
