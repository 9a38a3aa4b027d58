// Saying which object is meant by what stands around it.

import PlanarCore

extension CommandGrammar {
  /// How much nearer than the next object the nearest one must be for a command to say "nearest", m.
  static let clearlyNearer = 0.03

  /// Noun phrases that name one object of a scene by its shape and its place ("the square nearest to the
  /// blue disc", "the square left of the top zone"), mean only it, and can be said in a language of the
  /// file. Landmarks are zones and objects that have no twin.
  ///
  /// - Returns: phrases in an order without chance; empty where nothing tells the object apart.
  public func relationalPhrases(
    for index: Int, among objects: [VisibleObject], zones: [(name: String, center: Vec2)],
    language: CommandLanguage
  ) -> [NounPhrase] {
    let own = objects[index]
    let rivals = objects.filter { $0.shapeName == own.shapeName && $0 != own }
    let marks = objects.indices.filter { i in
      i != index && objects.count { $0.phrase == objects[i].phrase } == 1
    }.map {
      (
        Relation.Landmark.object(color: objects[$0].colorName, shape: objects[$0].shapeName),
        objects[$0].position
      )
    }
    let places = marks + zones.map { (Relation.Landmark.zone($0.name), $0.center) }
    return vocabulary.relations.flatMap { kind in
      places.compactMap { landmark, position in
        let phrase = NounPhrase(shape: own.shapeName, relation: Relation(kind, landmark))
        guard canSay(kind, landmark, language),
          (try? phrase.resolve(among: objects, zones: zones)) == [index],
          kind.isClear(
            own.position - position, rivals.filter { $0.position != position }.map { $0.position - position })
        else { return nil }
        return phrase
      }
    }
  }

  private func canSay(
    _ kind: Relation.Kind, _ landmark: Relation.Landmark, _ language: CommandLanguage
  ) -> Bool {
    let spoken = language == .any ? languages : [language]
    return spoken.allSatisfy { language in
      (relations[kind] ?? []).contains { $0.language == language && $0.describes(landmark) }
    }
  }
}
