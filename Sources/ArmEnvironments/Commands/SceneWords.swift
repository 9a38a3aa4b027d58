// Explanations about what is on the table, in the language of the command.

import PlanarCore

/// Names things of a scene: by a grammar's names where there is one, else by the values of environment.yaml.
struct SceneWords {
  let language: CommandLanguage
  let grammar: CommandGrammar?

  private func name(_ kind: SlotKind, _ value: String) -> String {
    // English values are plain words as they stand.
    guard language == .korean, let grammar else { return value }
    return grammar.name(kind, value, .korean)
  }

  /// "red square nearest to the blue disc".
  private func words(_ phrase: NounPhrase) -> String {
    let thing = language == .korean ? "물체" : "object"
    func plain(_ color: String?, _ shape: String?) -> String {
      [color.map { name(.color, $0) }, shape.map { name(.shape, $0) } ?? thing].compactMap { $0 }
        .joined(separator: " ")
    }
    let own = plain(phrase.color, phrase.shape)
    guard let relation = phrase.relation else { return own }
    let landmark: String
    switch relation.landmark {
    case .object(let color, let shape): landmark = plain(color, shape)
    case .zone(let zone): landmark = name(.zone, zone) + (language == .korean ? " 구역" : " zone")
    }
    return language == .korean
      ? "\(landmark)\(relation.kind.korean) \(own)" : "\(own) \(relation.kind.english) the \(landmark)"
  }

  /// Nothing of this colour and shape is there.
  func missing(_ phrase: NounPhrase, _ objects: [VisibleObject]) -> UserError {
    let plain = words(NounPhrase(color: phrase.color, shape: phrase.shape))
    let there = objects.map { words($0.phrase) }
    if language == .korean {
      return UserError(
        "탁자 위에 \(plain)\(subject(plain)) 없습니다. 있는 것: \(there.joined(separator: ", "))")
    }
    return UserError(
      "there is no \(plain) on the table; on it are \(there.map { "a \($0)" }.joined(separator: ", "))")
  }

  /// Such things are there, but none at such a place.
  func noneThere(_ phrase: NounPhrase) -> UserError {
    let what = words(phrase)
    return UserError(
      language == .korean
        ? "탁자 위에 \(what)\(subject(what)) 없습니다" : "there is no \(what) on the table")
  }

  func ambiguous(_ phrase: NounPhrase, _ found: [VisibleObject]) -> UserError {
    let what = words(phrase)
    let there = found.map { words($0.phrase) }
    let distinct = Set(there).count == there.count
    guard language == .korean else {
      guard distinct else {
        return UserError(
          "'the \(what)' may mean any of \(found.count) objects; say what it is nearest to or left of")
      }
      let all = there.map { "the \($0)" }
      return UserError(
        "'the \(what)' may mean \(all.dropLast().joined(separator: ", ")) or \(all.last ?? ""); say which")
    }
    let told = "'\(what)'\(subject(what))"
    guard distinct else {
      return UserError("\(told) \(found.count)개 있습니다. 무엇에서 가장 가까운지, 무엇의 왼쪽에 있는지 말해 주세요")
    }
    return UserError("\(told) 여럿입니다: \(there.joined(separator: ", ")). 어느 것인지 말해 주세요")
  }

  func noZone(_ zone: String, _ zones: [String]) -> UserError {
    let there = zones.map { name(.zone, $0) }.joined(separator: ", ")
    let called = name(.zone, zone)
    return UserError(
      language == .korean
        ? "여기에 '\(called)' 구역은 없습니다. 구역은 \(there)입니다"
        : "there is no zone '\(called)' here; zones are \(there)")
  }

  private func subject(_ word: String) -> String { KoreanParticle.subject.form(after: word) }
}
