import Foundation
import PlanarCore
import SceneDrawing
import Viewer

let table = WorldRectangle(min: Vec2(-0.45, -0.1), max: Vec2(0.45, 0.6))
var list = DrawList(
  bounds: table,
  background: Background(color: Color(hex: 0xf1eee8), checker: CommandLine.arguments.contains("checker") ? .init(color: Color(hex: 0xe8e4dc), cell: 0.05) : nil,
    gradient: .init(color: Color(hex: 0x000000, alpha: 0.08), direction: Vec2(1, -1))))
func poly(_ n: Int, _ c: Vec2, _ r: Double, _ a: Double) -> [Vec2] {
  (0..<n).map { c + Rotation(angle: a + Double($0) * 2 * .pi / Double(n)).direction * r }
}
func edge(_ c: Color) -> Outline { Outline(color: c.mixed(with: .black, by: 0.25), width: 0.003) }
let red = Color(hex: 0xd9594c), green = Color(hex: 0x58a06c), blue = Color(hex: 0x4a7fc1), yellow = Color(hex: 0xe2b13c)
list.items = [
  .polygon([Vec2(-0.42, 0.2), Vec2(-0.22, 0.2), Vec2(-0.22, 0.45), Vec2(-0.42, 0.45)], fill: Color(hex: 0x6a737c, alpha: 0.10), outline: Outline(color: Color(hex: 0x6a737c, alpha: 0.5), width: 0.002)),
  .text("left", at: Vec2(-0.32, 0.225), height: 0.024, color: Color(hex: 0x6a737c, alpha: 0.8)),
  .disc(center: Vec2(0.3, 0.45), radius: 0.09, fill: Color(hex: 0x6a737c, alpha: 0.10), outline: Outline(color: Color(hex: 0x6a737c, alpha: 0.5), width: 0.002)),
  .polygon(poly(4, Vec2(-0.1, 0.38), 0.05, 0.5), fill: red, outline: edge(red)),
  .disc(center: Vec2(0.13, 0.25), radius: 0.035, fill: blue, outline: edge(blue)),
  .polygon(poly(3, Vec2(0.05, 0.45), 0.045, 0.2), fill: green, outline: edge(green)),
  .polygon(poly(6, Vec2(0.27, 0.15), 0.04, 0.2), fill: yellow, outline: edge(yellow)),
  .polyline([Vec2(0, -0.05), Vec2(-0.2, 0.14), Vec2(-0.03, 0.3)], width: 0.036, color: Color(hex: 0x33373d, alpha: 0.85)),
  .disc(center: Vec2(0, -0.05), radius: 0.03, fill: Color(hex: 0x54595f)),
  .disc(center: Vec2(-0.2, 0.14), radius: 0.011, fill: Color(hex: 0xcfd2d6)),
  .disc(center: Vec2(-0.03, 0.3), radius: 0.013, fill: Color(hex: 0xcfd2d6)),
]
let overlay: [DrawItem] = (0..<16).map { k in
  .disc(center: Vec2(-0.03 + 0.012 * Double(k), 0.3 + 0.004 * Double(k * k) / 4), radius: 0.0055, fill: Color(hex: 0xe0662b, alpha: Float(1 - Double(k) / 18)))
}
let focused = CommandLine.arguments.contains("focus")
var panel = PanelModel(
  title: "Planar", subtitle: "push · train randomization",
  items: [
    .heading("Command"),
    .field(TextField(text: focused ? "push the red box 왼쪽 to" : "", isFocused: focused), placeholder: "push the red box to the left"),
    .message("No object is purple here; colours are red, green, blue, yellow.", tone: .bad),
    .heading("Policy"),
    .choices([
      Choice(id: "r", label: "Regression", detail: "500 labels", key: "1", isChosen: false),
      Choice(id: "d", label: "DAgger", detail: "500 labels", key: "2", isChosen: false),
      Choice(id: "f", label: "Diffusion", key: "3", isChosen: false),
      Choice(id: "g", label: "Flow", key: "4", isChosen: true),
    ]),
    .heading("Episode"),
    .readings([Reading("Episode", "12"), Reading("Successes", "9 of 11"), Reading("Step", "34 of 200"), Reading("Inference", "1.84 ms")]),
  ],
  hints: [KeyHint("/", "Command"), KeyHint("N", "Next episode"), KeyHint("Space", "Pause"), KeyHint("S", "Single step"), KeyHint("P", "Screenshot"), KeyHint("H", "Help")])
if CommandLine.arguments.contains("help") {
  panel.card = HelpCard(title: "Keys", hints: [KeyHint("/", "Type a command; Enter gives it, Esc clears it"), KeyHint("Tab", "Next policy"), KeyHint("Space", "Pause or run on"), KeyHint("Esc", "Quit")], lines: ["The dots on the table are the action chunk that the policy predicted: where it will move the tip."])
}
let window = try ViewerWindow(title: "Planar", width: 1200, height: 760)
for _ in 0..<5 { window.draw(scene: list, overlay: overlay, panel: panel) }
let start = Date()
for _ in 0..<20 { _ = window.pollEvents(); window.draw(scene: list, overlay: overlay, panel: panel) }
print("frame ms", Date().timeIntervalSince(start) / 20 * 1000)
try window.readPixels().writePNG(to: CommandLine.arguments[1])
try Camera(bounds: table, width: 800, height: 640).render(list, overlay: overlay).writePNG(to: CommandLine.arguments[1] + ".camera.png")
