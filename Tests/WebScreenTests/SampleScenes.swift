// Scenes and panels for pages, and a page of the tests' own.

import Foundation
import PlanarCore
import PlanarProgramTesting
import PlanarSceneDrawing
import PlanarViewer
import PlanarWebScreen

/// A disc at some place, m, beside a word that stays.
func sampleScene(at x: Double) -> DrawList {
  DrawList(
    bounds: WorldRectangle(min: Vec2(-0.1, 0), max: Vec2(0.3, 0.2)),
    background: Background(color: Color(hex: 0xffffff)),
    items: [
      .text("a \"quoted\"\nword", at: .zero, height: 0.01, color: .black),
      .disc(center: Vec2(x, 0.1), radius: 0.01, fill: Color(hex: 0xff0000)),
    ])
}

/// A panel with a block of each kind.
func samplePanel(position: Int = 3, figure: String = "1", typed: String = "") -> PanelModel {
  PanelModel(
    title: "Planar", subtitle: "push",
    items: [
      .heading("Command"), .paragraph("push it", lines: 2), .field(TextField(text: typed), placeholder: "type another"),
      .message("Done. Ctrl-N brings another scene.", tone: .good, lines: 3),
      .choices([Choice(id: "a", label: "A", key: "1", isChosen: true), Choice(id: "b", label: "B", isChosen: false)]),
      .switches([Switch(id: "fan", label: "Fan", detail: "", key: "Ctrl-F", isOn: false)]),
      .readings([Reading("Episode", figure)]),
    ],
    hints: [KeyHint("Ctrl-N", "Next scene"), KeyHint("Tab", "Next policy"), KeyHint("Letters", "Ctrl-A, Ctrl-B")],
    timeline: TimelineModel(steps: 2...9, position: position, end: 50, marks: [0, 3]))
}

extension WebScreen {
  /// Draws a sample.
  @discardableResult
  func show(at x: Double, _ panel: PanelModel = samplePanel(), overlay: [DrawItem] = []) -> Bool {
    draw(scene: sampleScene(at: x), overlay: overlay, panel: panel, visible: nil, picture: nil)
  }

  /// Opens a page's connection.
  func openPage() throws -> SamplePage {
    let path = "/socket" + address.drop { $0 != "?" }
    let before = isWatched
    let client = try WebSocketClient(port: port, path: path, headers: ["Origin": "http://127.0.0.1:\(port)"])
    let page = SamplePage(client: client)
    while !before, !isWatched { sleep(atMost: 0.05) }
    return page
  }

  /// Waits for so many events.
  func events(_ count: Int) -> [Event] {
    var events: [Event] = []
    let due = Date().addingTimeInterval(60)
    while events.count < count, Date() < due {
      events += pollEvents()
      if events.count < count { sleep(atMost: 0.05) }
    }
    return events
  }
}

/// What a page knows, put together from messages as its script does it.
final class SamplePage {
  let client: WebSocketClient
  private(set) var number = 0
  private(set) var parts: [String: Any] = [:]
  private(set) var items: [String] = []
  /// What the last message brought.
  private(set) var news: (parts: Set<String>, items: [String]) = ([], [])

  init(client: WebSocketClient) { self.client = client }

  /// Takes the next message in.
  func read(answering: Bool = true) throws {
    guard case .text(let text) = try client.next(),
      let message = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
      let changes = message["items"] as? [String], let new = message["parts"] as? [String: Any]
    else { throw WebSocketClient.Failure("this is no frame") }
    number = message["number"] as? Int ?? 0
    items.apply(changes)
    for (name, value) in new { parts[name] = value is NSNull ? nil : value }
    news = (Set(new.keys), changes)
    if answering { client.send("{\"kind\":\"drawn\",\"number\":\(number)}") }
  }

  /// A field of a part.
  func field(_ part: String, _ name: String) -> Any? { (parts[part] as? [String: Any])?[name] }
}
