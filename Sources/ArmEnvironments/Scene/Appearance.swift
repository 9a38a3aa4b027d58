// What a scene looks like besides its objects: table, light, camera, and prints that mean nothing.

import PlanarCore
import PlanarSceneDrawing

/// The looks of one episode. Nothing of it touches anything.
public struct Appearance: Equatable, Sendable {
  public var background: Background
  public var light: Light?
  public var exposure = Exposure.neutral
  /// How the camera is off its place.
  public var camera = CameraPose.centered
  public var cameraNoise: SensorNoise?
  /// Flat shapes on the table in colours without a name.
  public var prints: [DrawItem] = []
  /// By name, for the record.
  private(set) var record: [String: Double]

  /// What obstacles are painted with.
  static let obstacleColor = Color(hex: 0x5B5F66)

  init(
    _ level: RandomizationLevel, table: WorldRectangle, palette: [Color], seed: UInt64,
    look: inout RandomStream
  ) {
    let color = Color(hex: 0xE6E1D6).shifted(by: level.most(.background), using: &look)
    background = Background(color: color)
    record = [
      "table.red": Double(color.red), "table.green": Double(color.green),
      "table.blue": Double(color.blue),
    ]
    addLight(level.draw(.light, seed: seed), seed: seed)
    addTexture(level.draw(.texture, seed: seed), seed: seed)
    let brightness = level.draw(.brightness, seed: seed)
    let contrast = level.draw(.contrast, seed: seed)
    exposure = Exposure(brightness: Float(brightness), contrast: 1 + Float(contrast))
    if brightness != 0 { record["brightness"] = brightness }
    if contrast != 0 { record["contrast"] = contrast }
    placeCamera(level, seed: seed)
    if level.most(.cameraNoise) > 0 {
      cameraNoise = SensorNoise(deviation: Float(level.most(.cameraNoise)))
    }
    let count = Int(level.draw(.prints, seed: seed).rounded())
    addPrints(count, on: table, palette: palette, seed: seed)
  }

  /// A light from a random side: the far side of the table lies darker, bodies are shaded and cast shadows.
  private mutating func addLight(_ strength: Double, seed: UInt64) {
    guard strength > 0 else { return }
    var random = RandomStream(seed: seed, purpose: "light direction")
    let angle = random.uniform(in: 0...(2 * Double.pi))
    let direction = Rotation(angle: angle).direction
    let share = Float(strength)
    background.gradient = Background.Gradient(
      color: Color.black.opacity(0.4 * share), direction: direction)
    light = Light(
      direction: direction, shading: 0.25 * share,
      shadow: Light.Shadow(opacity: 0.4 * share, slope: random.uniform(in: 0.5...1.3)))
    record["light"] = strength
    record["light_direction"] = angle
  }

  private mutating func addTexture(_ strength: Double, seed: UInt64) {
    guard strength > 0 else { return }
    var random = RandomStream(seed: seed, purpose: "texture pattern")
    let patterns = Background.Texture.Pattern.allCases
    let index = random.integer(below: patterns.count)
    let ink: Color = random.uniform() < 0.6 ? Color(hex: 0x6B4F33) : .white
    background.texture = Background.Texture(
      patterns[index], color: ink.opacity(Float(0.4 * strength)),
      size: random.uniform(in: 0.015...0.06), angle: random.uniform(in: 0...Double.pi),
      seed: UInt32(truncatingIfNeeded: random.next()))
    record["texture"] = strength
    record["texture_pattern"] = Double(index)
  }

  private mutating func placeCamera(_ level: RandomizationLevel, seed: UInt64) {
    let shift = Vec2(
      level.draw(.cameraShift, seed: seed), level.draw(.cameraShift, seed: seed, index: 1))
    let angle = level.draw(.cameraAngle, seed: seed)
    let zoom = level.draw(.cameraZoom, seed: seed)
    camera = CameraPose(shift: shift, rotation: angle, zoom: zoom)
    guard camera != .centered else { return }
    record["camera_shift.x"] = shift.x
    record["camera_shift.y"] = shift.y
    record["camera_angle"] = angle
    record["camera_zoom"] = zoom
  }

  /// Colours that no command names: what is printed in them is never meant.
  private static let namelessColors: [Color] = [
    0x7D4FB3, 0x7A4B2A, 0xE58FBB, 0x49B3B0, 0x8A8D92, 0x2E3136, 0xB0A48C,
  ].map { Color(hex: $0) }

  private mutating func addPrints(
    _ count: Int, on table: WorldRectangle, palette: [Color], seed: UInt64
  ) {
    guard count > 0 else { return }
    var random = RandomStream(seed: seed, purpose: "prints on the table")
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
    record["prints"] = Double(count)
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
