// What a number of a file measures, and the units that it may be written in.

import PlanarCore

/// A dimension with the unit that plain numbers are in, and others that are converted: `time_limit: 25`, `25 s` and
/// `25000 ms` are the same.
public enum PhysicalDimension: String, CaseIterable, Sendable {
  /// A count, or a number that has no unit.
  case count
  /// A share or a factor; `50 %` is 0.5.
  case ratio
  /// What mechanics measures, in SI units and radians.
  case length, angle, time, mass, frequency, speed, acceleration, force, torque, inertia, stiffness, damping
  /// Torque per angle.
  case angularStiffness = "angular stiffness"
  /// Torque per angular velocity.
  case angularDamping = "angular damping"
  /// Lengths in a picture.
  case pixels

  /// Symbols and what one of them is in the unit of plain numbers, which comes first.
  public var units: [(symbol: String, factor: Double)] {
    switch self {
    case .count: []
    case .ratio: [("", 1), ("%", 0.01)]
    case .length: [("m", 1), ("cm", 0.01), ("mm", 0.001)]
    case .angle: [("rad", 1), ("deg", .pi / 180), ("°", .pi / 180)]
    case .time: [("s", 1), ("ms", 0.001), ("min", 60)]
    case .mass: [("kg", 1), ("g", 0.001)]
    case .frequency: [("Hz", 1)]
    case .speed: [("m/s", 1), ("cm/s", 0.01), ("mm/s", 0.001)]
    case .acceleration: [("m/s²", 1), ("m/s^2", 1)]
    case .force: [("N", 1)]
    case .torque: [("N·m", 1), ("N*m", 1), ("Nm", 1)]
    case .inertia: [("kg·m²", 1), ("kg*m^2", 1)]
    case .stiffness: [("N/m", 1)]
    case .damping: [("N·s/m", 1), ("N*s/m", 1)]
    case .angularStiffness: [("N·m/rad", 1), ("N*m/rad", 1), ("Nm/rad", 1)]
    case .angularDamping: [("N·m·s/rad", 1), ("N*m*s/rad", 1), ("Nms/rad", 1)]
    case .pixels: [("px", 1)]
    }
  }

  /// The unit of plain numbers; empty where there is none.
  public var unit: String { units.first?.symbol ?? "" }

  /// The dimension whose plain numbers are in a unit.
  init?(unit: String) {
    guard let found = Self.allCases.first(where: { !$0.units.isEmpty && $0.unit == unit }) else { return nil }
    self = found
  }

  /// "a length in m", for sentences.
  var phrase: String {
    switch self {
    case .count: "a plain number"
    case .ratio: "a plain number or a percentage"
    case .pixels: "a number of px"
    default: "\("aeiou".contains(rawValue.first!) ? "an" : "a") \(rawValue) in \(unit)"
    }
  }

  /// "a number (in m; also '12 cm' or '12 mm')".
  var expectation: String {
    let others = units.dropFirst().map { "'12 \($0.symbol)'" }.joined(separator: " or ")
    if unit.isEmpty { return others.isEmpty ? "a number" : "a number (also \(others))" }
    return "a number (in \(unit)\(others.isEmpty ? "" : "; also \(others)"))"
  }

  /// A number that is followed by a unit, such as `12 mm`, in the unit of plain numbers.
  ///
  /// - Returns: nil where the text does not begin with a number and go on with a unit.
  /// - Throws: `UserError` with the end of a sentence where the unit is unknown or of another dimension.
  func value(of text: String) throws -> Double? {
    guard let (number, symbol) = Self.parts(of: text) else { return nil }
    if let unit = units.first(where: { $0.symbol == symbol }) { return number * unit.factor }
    if let other = Self.allCases.first(where: { $0.units.contains { $0.symbol == symbol } }) {
      throw UserError("is '\(text)', but '\(symbol)' measures \(other.noun); it must be \(phrase)")
    }
    let all = units.map(\.symbol).filter { !$0.isEmpty }
    guard !all.isEmpty else { throw UserError("is '\(text)', but must be a plain number without a unit") }
    let hint =
      nearestName(to: symbol, among: all).map { "did you mean '\($0)'?" }
      ?? "use \(all.joined(separator: ", "))"
    throw UserError("is '\(text)', but there is no unit '\(symbol)' for \(noun); \(hint)")
  }

  private var noun: String {
    switch self {
    case .count: "a count"
    case .ratio: "a share"
    case .pixels: "pixels"
    default: "\("aeiou".contains(rawValue.first!) ? "an" : "a") \(rawValue)"
    }
  }

  /// The number at a text's beginning and what follows it.
  private static func parts(of text: String) -> (Double, String)? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
    var end = digits.endIndex
    // An exponent, as in 1e-3.
    let rest = text[end...]
    if let first = rest.first, first == "e" || first == "E" {
      let exponent = rest.dropFirst().prefix { $0.isASCII && ($0.isNumber || "+-".contains($0)) }
      if Double(text[..<exponent.endIndex]) != nil { end = exponent.endIndex }
    }
    guard let number = Double(text[..<end]) else { return nil }
    let symbol = text[end...].drop { $0 == " " }
    return symbol.isEmpty ? nil : (number, String(symbol))
  }
}
