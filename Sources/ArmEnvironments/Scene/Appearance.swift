// What a scene looks like besides its objects: table, light, camera, and prints that mean nothing.

import PlanarCore
import PlanarSceneDrawing

/// The looks of one episode. Nothing of it touches anything.
public struct Appearance: Equatable, Sendable {
  /// The table's surface.
  public var background = Background(color: Color(hex: 0xE6E1D6))
  /// Where light comes from; nil for none.
  public var light: Light?
  /// Brightness and contrast.
  public var exposure = Exposure.neutral
  /// How the camera is off its place.
  public var camera = CameraPose.centered
  /// Noise of the camera's pixels; nil for none.
  public var cameraNoise: SensorNoise?
  /// Flat shapes on the table in colours without a name.
  public var prints: [DrawItem] = []
  /// What obstacles are painted with.
  static let obstacleColor = Color(hex: 0x5B5F66)

  /// What is drawn of the table's colour, and of the camera where it is off its place, by name.
  var record: [String: Double] {
    let color = background.color
    var record = [
      "table.red": Double(color.red), "table.green": Double(color.green), "table.blue": Double(color.blue),
    ]
    if camera != .centered {
      record["camera_shift.x"] = camera.shift.x
      record["camera_shift.y"] = camera.shift.y
      record["camera_angle"] = camera.rotation
      record["camera_zoom"] = camera.zoom
    }
    return record
  }

  /// A light from a random side: the far side of the table lies darker, bodies are shaded and cast shadows.
  mutating func addLight(_ draw: inout FactorDraw) {
    let strength = draw.value()
    guard strength > 0 else { return }
    var random = draw.stream("light direction")
    let angle = random.uniform(in: 0...(2 * Double.pi))
    let direction = Rotation(angle: angle).direction
    let share = Float(strength)
    background.gradient = Background.Gradient(
      color: Color.black.opacity(0.4 * share), direction: direction)
    light = Light(
      direction: direction, shading: 0.25 * share,
      shadow: Light.Shadow(opacity: 0.4 * share, slope: random.uniform(in: 0.5...1.3)))
    draw.note("light_direction", angle)
  }

  /// A pattern on the table.
  mutating func addTexture(_ draw: inout FactorDraw) {
    let strength = draw.value()
    guard strength > 0 else { return }
    var random = draw.stream("texture pattern")
    let patterns = Background.Texture.Pattern.allCases
    let index = random.integer(below: patterns.count)
    let ink: Color = random.uniform() < 0.6 ? Color(hex: 0x6B4F33) : .white
    background.texture = Background.Texture(
      patterns[index], color: ink.opacity(Float(0.4 * strength)),
      size: random.uniform(in: 0.015...0.06), angle: random.uniform(in: 0...Double.pi),
      seed: UInt32(truncatingIfNeeded: random.next()))
    draw.note("texture_pattern", Double(index))
  }

  /// Colours that no command names: what is printed in them is never meant.
  private static let namelessColors: [Color] = [
    0x7D4FB3, 0x7A4B2A, 0xE58FBB, 0x49B3B0, 0x8A8D92, 0x2E3136, 0xB0A48C,
  ].map { Color(hex: $0) }

  /// Shapes that mean nothing, anywhere on the table.
  mutating func addPrints(_ draw: inout FactorDraw) {
    let count = Int(draw.value(of: 0).rounded())
    guard count > 0 else { return }
    let table = draw.table
    let palette = draw.palette
    var random = draw.stream("prints on the table")
    let inks = Self.namelessColors.filter { !palette.contains($0) }
    for _ in 0..<count {
      let center = Vec2(
        random.uniform(in: table.min.x...table.max.x), random.uniform(in: table.min.y...table.max.y))
      let radius = random.uniform(in: 0.012...0.04)
      let ink = inks[random.integer(below: inks.count)].opacity(Float(random.uniform(in: 0.5...0.9)))
      let angle = Rotation(angle: random.uniform(in: 0...(2 * Double.pi)))
      let corners = 2 + random.integer(below: 4)
      prints.append(Self.print(corners: corners, center: center, radius: radius, angle: angle, ink: ink))
    }
    draw.note("prints", Double(count))
  }

  /// A disc (2 corners), or a regular polygon.
  private static func print(
    corners: Int, center: Vec2, radius: Double, angle: Rotation, ink: Color
  ) -> DrawItem {
    guard corners > 2 else { return .disc(center: center, radius: radius, fill: ink) }
    let points = (0..<corners).map { corner in
      let turn = Rotation(angle: 2 * Double.pi * Double(corner) / Double(corners))
      return center + angle.apply(turn.direction) * radius
    }
    return .polygon(points, fill: ink)
  }
}
