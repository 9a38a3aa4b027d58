// Where tip and corridor are to each other, and how the corridor is drawn.

import PlanarCore
import PlanarSceneDrawing

extension ArmEnvironment {
  /// How far the tip's centre is from the corridor's centre line, m; nil without a corridor.
  public var distanceToCorridor: Double? {
    scene[Corridor.self].map { $0.distance(to: tip + Vec2($0.travel(in: self), 0)) }
  }

  /// Whether the tip's centre is in the corridor; false without one.
  public var isTipInCorridor: Bool {
    guard let corridor = scene[Corridor.self] else { return false }
    return corridor.distance(to: tip + Vec2(corridor.travel(in: self), 0)) <= corridor.halfWidth
  }
}

/// The corridor's end has reached the tip, and the tip is in the corridor.
public struct TipAtCorridorEnd: Condition {
  /// The condition; there is one corridor.
  public init() {}

  /// Whether it holds now.
  public func holds(in environment: ArmEnvironment) -> Bool {
    environment.stepIndex >= environment.maximumSteps && environment.isTipInCorridor
  }

  /// How far it is from holding: 0 where it holds, about 1 at 0.4 m.
  public func cost(in environment: ArmEnvironment) -> Double {
    ArmEnvironment.costPerMetre * (environment.distanceToCorridor ?? 0)
  }
}

extension Corridor {
  /// How far the belt has run, m.
  public func travel(in environment: ArmEnvironment) -> Double {
    Double(environment.stepIndex) * environment.controlPeriod * speed
  }

  /// The part that lies on the table, its centre line, and its end where it has come in sight.
  func drawing(in environment: ArmEnvironment) -> [DrawItem] {
    let corridor = self
    let table = environment.specification.table
    let travel = travel(in: environment)
    // Points on the table's edges, so that nothing is drawn beside it.
    let left = table.min.x + corridor.halfWidth
    let right = min(table.max.x - corridor.halfWidth, corridor.end - travel)
    guard left < right else { return [] }
    func onTable(_ x: Double) -> Vec2 { Vec2(x, corridor.height(at: x + travel)) }
    let bends = corridor.segments(from: left + travel, to: right + travel).map {
      Vec2(corridor.points[$0].x - travel, corridor.points[$0].y)
    }.filter { $0.x > left && $0.x < right }
    let line = [onTable(left)] + bends + [onTable(right)]
    var items: [DrawItem] = [
      .polyline(line, width: 2 * corridor.halfWidth + 0.004, color: Color(hex: 0x8E8672)),
      .polyline(line, width: 2 * corridor.halfWidth, color: Color(hex: 0xF6F3EA)),
      .polyline(line, width: 0.002, color: Color(hex: 0xB8AF9A)),
    ]
    if corridor.end - travel <= table.max.x {
      items.append(
        .disc(
          center: onTable(right), radius: corridor.halfWidth, fill: Color(hex: 0x7A9E6B),
          outline: Outline(color: Color(hex: 0x4F6B43), width: 0.002)))
    }
    return items
  }
}
