// Which objects of a scene a noun phrase means.

import PlanarCore

extension NounPhrase {
  /// How much farther left (right, above, below) than its landmark an object's centre must lie to be called
  /// so, m.
  public static let clearlyAside = 0.01

  /// Which objects are meant: one index for `the`, one or more in ascending order for `every`.
  ///
  /// `nearest` and `farthest` go by the distance between centres; `leftOf` and its like by their
  /// coordinates, at least `clearlyAside` apart. A landmark is never what is looked for.
  ///
  /// - Throws: `UserError` in English that says what is on the table, which objects are hard to tell apart,
  ///   or which landmark is missing. `CommandGrammar.resolve` says it in the command's language.
  public func resolve(
    among objects: [VisibleObject], zones: [(name: String, center: Vec2)]
  ) throws -> [Int] {
    try resolve(among: objects, zones: zones, words: SceneWords(language: .english, grammar: nil))
  }

  func resolve(
    among objects: [VisibleObject], zones: [(name: String, center: Vec2)], words: SceneWords
  ) throws -> [Int] {
    var found = objects.indices.filter { fits(objects[$0]) }
    guard !found.isEmpty else { throw words.missing(self, objects) }
    if let relation {
      let (position, landmark) = try relation.landmark.place(among: objects, zones: zones, words: words)
      found.removeAll { $0 == landmark }
      found = relation.kind.choose(found.map { objects[$0].position - position }).map { found[$0] }
      guard !found.isEmpty else { throw words.noneThere(self) }
    }
    guard quantifier == .every || found.count == 1 else {
      throw words.ambiguous(self, found.map { objects[$0] })
    }
    return found
  }

  private func fits(_ object: VisibleObject) -> Bool {
    (color ?? object.colorName) == object.colorName && (shape ?? object.shapeName) == object.shapeName
  }
}

extension CommandGrammar {
  /// `NounPhrase.resolve`, with errors in a command's language and the file's names.
  ///
  /// - Throws: as `NounPhrase.resolve`.
  public func resolve(
    _ phrase: NounPhrase, among objects: [VisibleObject], zones: [(name: String, center: Vec2)],
    language: CommandLanguage
  ) throws -> [Int] {
    try phrase.resolve(
      among: objects, zones: zones, words: SceneWords(language: language, grammar: self))
  }
}

extension CommandGrammar {
  /// Checks that everything an instruction names is there and can be told apart.
  ///
  /// - Throws: as `resolve`.
  public func requirePresent(
    _ instruction: Instruction, among objects: [VisibleObject], zones: [(name: String, center: Vec2)],
    language: CommandLanguage
  ) throws {
    for request in instruction.requests {
      var phrases = [request.subject].compactMap { $0 }
      if case .object(let other) = request.target { phrases.append(other) }
      for phrase in phrases {
        _ = try resolve(phrase, among: objects, zones: zones, language: language)
      }
    }
  }
}

extension Relation.Landmark {
  /// Where it is, and which object it is.
  fileprivate func place(
    among objects: [VisibleObject], zones: [(name: String, center: Vec2)], words: SceneWords
  ) throws -> (Vec2, object: Int?) {
    switch self {
    case .object(let color, let shape):
      let index = try NounPhrase(color: color, shape: shape)
        .resolve(among: objects, zones: zones, words: words)[0]
      return (objects[index].position, index)
    case .zone(let name):
      guard let zone = zones.first(where: { $0.name == name }) else {
        throw words.noZone(name, zones.map(\.name))
      }
      return (zone.center, nil)
    }
  }
}
