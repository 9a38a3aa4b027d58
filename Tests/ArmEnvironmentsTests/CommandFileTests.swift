// Mistakes in commands.yaml: one sentence with file, line and the nearest valid name.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import Testing

/// Writes a text to a file of its own.
func temporaryFile(_ text: String) throws -> URL {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("commands-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  let url = folder.appendingPathComponent("commands.yaml")
  try text.write(to: url, atomically: true, encoding: .utf8)
  return url
}

/// The error of a file, without its path: `3: …`.
private func mistake(_ text: String) throws -> String {
  let url = try temporaryFile(text)
  defer { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }
  do {
    _ = try CommandGrammar(contentsOf: url)
    return "none"
  } catch let error as UserError {
    #expect(error.message.hasPrefix(url.path + ":"), "\(error.message)")
    return String(error.message.dropFirst(url.path.count + 1))
  }
}

private let slots = """
  slots:
    color: {red: {en: [red], ko: [빨간]}, blue: {en: [blue], ko: [파란]}}
    shape: {disc: {en: [disc, circle], ko: [원]}}
    zone: {left: {en: [left], ko: [왼쪽]}}
  """

private func file(_ templates: String, _ rest: String = slots) -> String {
  "templates:\n  en:\n\(templates)\n\(rest)\n"
}

@Test func aSoundFileIsAccepted() throws {
  #expect(try mistake(file("    train: [\"push the {color} {shape} to the {zone} zone\"]")) == "none")
}

@Test func mistakesInCommandFilesAreToldByLine() throws {
  let train = "    train: [\"push the {color} {shape} to the {zone} zone\"]"
  #expect(
    try mistake(file("    train:\n      - push the {colour} {shape} to {zone}"))
      == "4: 'push the {colour} {shape} to {zone}' has an unknown slot {colour}; did you mean {color}?")
  #expect(
    try mistake(file("    train:\n      - push the {color {shape}")).hasPrefix(
      "4: 'push the {color {shape}' has an unknown slot {color {shape}"))
  #expect(
    try mistake(file("    train:\n      - push {color} {shape"))
      == "4: 'push {color} {shape' has a '{' without a '}'")
  #expect(
    try mistake(file("    train:\n      - push {color} {color} {shape} {zone}"))
      == "4: 'push {color} {color} {shape} {zone}' has {color} twice")
  #expect(
    try mistake(file("    trian: [\"push {zone}\"]"))
      == "3: unknown key 'templates.en.trian'; did you mean 'train'?")
  #expect(
    try mistake(file("    compositional: [\"push {zone}\"]")).contains(
      "known keys are train, paraphrase, distractor"))
  #expect(
    try mistake(file("    paraphrase: [\"push {zone}\"]"))
      == "3: 'templates.en' has no 'train' wordings; every language needs some")
  #expect(
    try mistake("templates:\n  de: {train: [push it]}\n")
      == "2: unknown key 'templates.de'; known keys are en, ko")
  #expect(
    try mistake(file(train, "slots: {color: {red: {en: [red]}}, zone: {left: {en: [left]}}}"))
      == "3: 'push the {color} {shape} to the {zone} zone' has {shape}, but 'slots.shape' is missing; list its values and their names"
  )
  #expect(
    try mistake(
      "templates:\n  ko:\n    train: [\"{zone} 구역으로 가\"]\nslots:\n  zone:\n    left: {en: [left]}\n")
      == "6: 'slots.zone.left' has no names in 'ko', which templates need; add ko: [...]")
  #expect(
    try mistake(
      "templates:\n  en:\n    train: [\"go {zone}\"]\nslots:\n  zone:\n    left: {en: [left]}\n    right: {en: [right, left]}\n"
    )
      == "7: 'left' means both 'left' and 'right' in 'slots.zone'; leave it to one of them")
  #expect(
    try mistake(
      file("    train:\n      - go to the {zone} zone\n    paraphrase:\n      - Go to the {zone} zone!"))
      == "6: 'Go to the {zone} zone!' is the same as 'go to the {zone} zone' of 'train' (line 4); remove one of them"
  )
  #expect(
    try mistake(file("    train:\n      - \"{zone} 구역으로 가\""))
      == "4: '{zone} 구역으로 가' stands under 'en', but is Korean; move it to 'ko'")
  #expect(
    try mistake(file(train + "\n    distractor:\n      - push the {color} {shape} into the {zone} zone"))
      .hasPrefix(
        "5: 'push the {color} {shape} into the {zone} zone' names no object to be left alone"))
  #expect(
    try mistake(file("    train:\n      - put {color} {shape} in {zone} and then {zone2}")).hasSuffix(
      "has {zone2}, but does not say what goes there; add {color2} {shape2}"))
  #expect(
    try mistake(file("    train:\n      - go to {zone2}")).hasSuffix("has {zone2} without {zone}; use {zone}")
  )
  #expect(
    try mistake(file(train, slots + "\nheld_out:\n  - {color: rad, zone: left}"))
      == "9: 'held_out' names the color 'rad'; did you mean 'red'?")
  #expect(
    try mistake(file(train, slots + "\nrelations:\n  neerest: {en: [\"{noun} near {color} {shape}\"]}"))
      == "9: unknown key 'relations.neerest'; did you mean 'nearest'?")
  #expect(
    try mistake(file(train, slots + "\nrelations:\n  nearest:\n    en:\n      - nearest to {color} {shape}"))
      .hasPrefix(
        "11: 'nearest to {color} {shape}' must hold {noun}"))
  #expect(
    try mistake("templates: {en: {train: push it}}").hasPrefix(
      "1: 'templates.en.train' must be a list of texts"))
  #expect(try mistake("templates: {}").hasPrefix("1: 'templates' has no wordings"))
  #expect(
    try mistake(file("    train: [go home, \"go to {zone}\"]")).hasSuffix(
      "'go to {zone}' has slots, unlike 'go home'"))
}

@Test func anEnvironmentIsToldWhatTheFileDoesNotName() throws {
  let push = try grammar("push")
  try push.check(colors: ["red", "blue"], shapes: ["square"], zones: ["left"])
  #expect {
    try push.check(colors: ["red", "purple"])
  } throws: {
    "\($0)".hasSuffix(
      "'slots.color' lacks 'purple', which the environment has; add its names, or take it out of the environment"
    )
  }
}
