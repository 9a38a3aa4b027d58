// Which words single an object out, and what can be asked for with them.

import PlanarCore

extension Scene {
  /// Every object with every zone whose rim it is well outside of.
  public var objectsIntoZones: [Instruction] {
    objects.indices.flatMap { index -> [Instruction] in
      guard let phrase = phrase(for: index) else { return [] }
      return zonesAway(from: objects[index].start.position).map {
        Instruction(requests: [Request(subject: phrase, target: .zone($0.name))])
      }
    }
  }

  /// The tip with every zone that it does not begin in.
  public var tipIntoZones: [Instruction] {
    zonesAway(from: tipStart).map { Instruction(requests: [Request(target: .zone($0.name))]) }
  }

  /// The zones that a place is well outside of.
  public func zonesAway(from position: Vec2) -> [Zone] {
    zones.filter { ($0.center - position).length > $0.radius + 0.02 }
  }

  /// Words that mean an object and no other: colour and shape where they do, else with the relation to a zone or to an
  /// object that colour and shape single out. Nil where no such words are found.
  public func phrase(for object: Int) -> NounPhrase? {
    let plain = plainPhrase(for: object)
    let twins = visibleObjects.indices.filter { plainPhrase(for: $0) == plain }
    guard twins.count > 1 else { return plain }
    let visible = visibleObjects
    let places = zones.map { ($0.name, $0.center) }
    for kind in Relation.Kind.standard {
      for landmark in landmarks(beside: twins) {
        var phrase = plain
        phrase.relation = Relation(kind, landmark)
        if (try? phrase.resolve(among: visible, zones: places)) == [object] { return phrase }
      }
    }
    return nil
  }

  private func plainPhrase(for object: Int) -> NounPhrase {
    NounPhrase(color: objects[object].colorName, shape: objects[object].shape.rawValue)
  }

  /// What relations can refer to: the zones, and the objects that need none themselves.
  private func landmarks(beside twins: [Int]) -> [Relation.Landmark] {
    let plain = objects.indices.map { plainPhrase(for: $0) }
    let unique = objects.indices.filter { index in
      !twins.contains(index) && plain.count { $0 == plain[index] } == 1
    }
    return unique.map { .object(color: plain[$0].color, shape: plain[$0].shape) }
      + zones.map { .zone($0.name) }
  }
}
