// A scene as words see it, and which of its objects a noun phrase means.

import PlanarCore

/// An object as words see it.
public struct VisibleObject: Hashable, Sendable {
  /// A value as in environment.yaml, such as `red`.
  public var colorName: String
  /// Such as `square`.
  public var shapeName: String
  /// The centre, m.
  public var position: Vec2

  public init(colorName: String, shapeName: String, position: Vec2) {
    self.colorName = colorName
    self.shapeName = shapeName
    self.position = position
  }
}

extension NounPhrase {
  /// How much farther left (right, above, below) than its landmark an object's centre must lie to be called so, m.
  public static let clearlyAside = 0.01

  /// Which objects are meant: one index for `the`, one or more in ascending order for `every`.
  ///
  /// `nearest` and `farthest` go by the distance between centres; `leftOf` and its like by their coordinates, at
  /// least `clearlyAside` apart. A landmark is never what is looked for.
  ///
  /// - Throws: `UserError` that says what is on the table, which objects are hard to tell apart, or which
  ///   landmark is missing.
  public func resolve(
    among objects: [VisibleObject], zones: [(name: String, center: Vec2)]
  ) throws -> [Int] {
    var found = objects.indices.filter { fits(objects[$0]) }
    guard !found.isEmpty else { throw Self.missing(words(plain: true), objects) }
    if let relation {
      let (place, landmark) = try relation.landmark.place(among: objects, zones: zones)
      found.removeAll { $0 == landmark }
      found = relation.kind.choose(found, objects, place)
      guard !found.isEmpty else {
        throw UserError("there is no \(words()) on the table")
      }
    }
    guard quantifier == .every || found.count == 1 else {
      throw Self.ambiguous(words(), found, objects)
    }
    return found
  }

  func fits(_ object: VisibleObject) -> Bool {
    (color ?? object.colorName) == object.colorName && (shape ?? object.shapeName) == object.shapeName
  }

  /// "red square nearest to the blue disc".
  private func words(plain: Bool = false) -> String {
    let own = [color, shape ?? "object"].compactMap { $0 }.joined(separator: " ")
    guard let relation, !plain else { return own }
    return "\(own) \(relation.words)"
  }

  private static func missing(_ what: String, _ objects: [VisibleObject]) -> UserError {
    let there = objects.map { "a \($0.colorName) \($0.shapeName)" }
    return UserError(
      "there is no \(what) on the table; on it are \(there.joined(separator: ", "))")
  }

  private static func ambiguous(_ what: String, _ found: [Int], _ objects: [VisibleObject]) -> UserError {
    let there = found.map { "the \(objects[$0].colorName) \(objects[$0].shapeName)" }
    guard Set(there).count == there.count else {
      return UserError(
        "there are \(found.count) objects that 'the \(what)' may mean; say which by what it is nearest to or left of")
    }
    return UserError(
      "'the \(what)' may mean \(there.dropLast().joined(separator: ", ")) or \(there.last ?? ""); say which")
  }
}

extension Relation {
  fileprivate var words: String {
    let place: String
    switch landmark {
    case .object(let color, let shape):
      place = [color, shape ?? "object"].compactMap { $0 }.joined(separator: " ")
    case .zone(let name): place = name + " zone"
    }
    switch kind {
    case .nearest: return "nearest to the \(place)"
    case .farthest: return "farthest from the \(place)"
    case .leftOf: return "left of the \(place)"
    case .rightOf: return "right of the \(place)"
    case .above: return "above the \(place)"
    case .below: return "below the \(place)"
    }
  }
}

extension Relation.Landmark {
  /// Where it is, and which object it is.
  fileprivate func place(
    among objects: [VisibleObject], zones: [(name: String, center: Vec2)]
  ) throws -> (Vec2, object: Int?) {
    switch self {
    case .object(let color, let shape):
      let index = try NounPhrase(color: color, shape: shape).resolve(among: objects, zones: zones)[0]
      return (objects[index].position, index)
    case .zone(let name):
      guard let zone = zones.first(where: { $0.name == name }) else {
        throw UserError(
          "there is no zone '\(name)' here; zones are \(zones.map(\.name).joined(separator: ", "))")
      }
      return (zone.center, nil)
    }
  }
}

extension Relation.Kind {
  /// Those of some objects that stand so to a place.
  fileprivate func choose(_ indices: [Int], _ objects: [VisibleObject], _ place: Vec2) -> [Int] {
    func distance(_ i: Int) -> Double { (objects[i].position - place).length }
    func offset(_ i: Int) -> Vec2 { objects[i].position - place }
    let aside = NounPhrase.clearlyAside
    switch self {
    case .nearest: return indices.min { distance($0) < distance($1) }.map { [$0] } ?? []
    case .farthest: return indices.max { distance($0) < distance($1) }.map { [$0] } ?? []
    case .leftOf: return indices.filter { offset($0).x <= -aside }
    case .rightOf: return indices.filter { offset($0).x >= aside }
    case .above: return indices.filter { offset($0).y >= aside }
    case .below: return indices.filter { offset($0).y <= -aside }
    }
  }
}
