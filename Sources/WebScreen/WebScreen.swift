// A session in browsers: what a window would show, as a page on this machine's loopback address.

import Foundation
import PlanarCore
import PlanarSceneDrawing
import PlanarViewer

/// Shows a session to every page that is opened at its address, and takes in what people do there.
///
/// The page draws the scene itself, from what has changed in it since the frame before; the panel's blocks are controls of
/// HTML. All open pages show the same session. While none is open, the session waits.
///
/// Anybody with the address can steer the session: it has a random token, without which, or with which from another site's
/// page, every request is refused. Nothing listens but 127.0.0.1, over IPv4.
public final class WebScreen: Screen {
  private let access = PageAccess()
  private let stage = PageStage()
  private let server: PageServer
  private var frame = PageFrame()
  private var panel = PanelParts()
  private var shown: Content?
  private var table = TablePicture()
  private var commandsTaken = 0
  private var nextDrawing = ContinuousClock.now

  /// All that a frame depends on.
  private struct Content: Equatable {
    var scene: DrawList
    var overlay: [DrawItem]
    var panel: PanelModel
    var visible: WorldRectangle?
    var picture: SidePicture?
    var commandsTaken: Int
  }

  /// From one frame to the next, at least.
  private static let pause = Duration.seconds(1) / 60

  /// Begins to serve the page.
  ///
  /// - Parameter port: where, on 127.0.0.1; nil for the first free one from 8737 on.
  /// - Throws: `UserError` where the port is in use, or none is free.
  public init(port: UInt16? = nil) throws { server = try PageServer(port: port, access: access, stage: stage) }

  deinit { close() }

  /// Where it listens.
  public var port: Int { Int(server.port) }
  /// What to open in a browser.
  public var address: String { "http://127.0.0.1:\(server.port)/?token=\(access.token)" }

  /// Tells open pages that the session is over, and stops serving.
  public func close() {
    stage.end("The session is over.")
    server.stop()
  }

  // MARK: What happens

  /// Whether a page is open.
  public var isWatched: Bool { stage.hasPages }

  /// What people did in the pages since the last call, in order.
  public func pollEvents() -> [Event] {
    stage.takeMessages().flatMap { message in
      if case .command = message { commandsTaken += 1 }
      return message.events(in: shown?.panel)
    }
  }

  /// Sleeps until something happens in a page, or one comes or goes, but no longer than so many seconds.
  public func sleep(atMost seconds: Double) { stage.wait(atMost: seconds) }

  // MARK: What is shown

  /// Gives pages what has changed, 60 times a second at most.
  public func draw(
    scene: DrawList, overlay: [DrawItem], panel: PanelModel, visible: WorldRectangle?, picture: SidePicture?
  ) -> Bool {
    let content = Content(
      scene: scene, overlay: overlay, panel: panel, visible: visible, picture: picture, commandsTaken: commandsTaken)
    if content == shown { return false }
    self.panel.update(panel, commandsTaken: commandsTaken)
    frame.parts = self.panel.parts
    frame.parts["scene"] = json(visible ?? scene.bounds, over: scene)
    frame.parts["table"] = table.json(of: scene)
    frame.parts["picture"] = picture == shown?.picture ? self.picture : picture.map(json)
    self.picture = frame.parts["picture"]
    frame.items = scene.itemsWithShadows.map { $0.pageItem(under: scene.exposure) } + overlay.map { $0.pageItem() }
    frame.serial += 1
    shown = content
    stage.publish(frame)
    // What was slept too long is made up, so that the rate holds.
    nextDrawing = max(nextDrawing + Self.pause, .now)
    Thread.sleep(forTimeInterval: max(0, ContinuousClock.now.duration(to: nextDrawing) / .seconds(1)))
    return true
  }

  /// The side picture as it was sent last.
  private var picture: String?

  /// The scene that was drawn last, by a camera. Programmer error before the first `draw`.
  public func readPixels() -> Image {
    guard let shown else { preconditionFailure("draw before reading pixels") }
    let bounds = shown.visible ?? shown.scene.bounds
    let width = 1280
    let camera = Camera(
      bounds: bounds, width: width, height: max(1, Int((Double(width) * bounds.height / bounds.width).rounded())))
    return camera.render(shown.scene, overlay: shown.overlay)
  }

  private func json(_ bounds: WorldRectangle, over scene: DrawList) -> String {
    "{\"bounds\":\(bounds.millimetres),\"background\":\(jsonText(scene.exposure(scene.background.color).css))}"
  }

  private func json(_ picture: SidePicture) -> String {
    "{\"image\":\(picture.image.dataAddress),\"width\":\(picture.image.width),\"caption\":\(jsonText(picture.caption))}"
  }
}

/// The surface under a scene as a picture, where it is not of one colour; made anew only where it has changed.
private struct TablePicture {
  private var background: Background?
  private var exposure = Exposure.neutral
  private var bounds: WorldRectangle?
  private var text: String?

  /// nil for a surface of one colour.
  mutating func json(of scene: DrawList) -> String? {
    if scene.background == background, scene.exposure == exposure, scene.bounds == bounds { return text }
    (background, exposure, bounds) = (scene.background, scene.exposure, scene.bounds)
    guard scene.background != Background(color: scene.background.color) else {
      text = nil
      return nil
    }
    let width = 800
    let camera = Camera(
      bounds: scene.bounds, width: width,
      height: max(1, Int((Double(width) * scene.bounds.height / scene.bounds.width).rounded())))
    let image = camera.render(
      DrawList(bounds: scene.bounds, background: scene.background, exposure: scene.exposure))
    text = "{\"extent\":\(scene.bounds.millimetres),\"image\":\(image.dataAddress)}"
    return text
  }
}

extension WorldRectangle {
  /// Left, bottom, width and height in millimetres, as JSON.
  fileprivate var millimetres: String {
    let numbers = [min.x, min.y, width, height].map { String(($0 * 10_000_000).rounded() / 10_000) }
    return "[\(numbers.joined(separator: ","))]"
  }
}

extension Image {
  /// The picture as an address that holds all of it, in JSON.
  fileprivate var dataAddress: String { "\"data:image/png;base64,\(Data(pngData()).base64EncodedString())\"" }
}

extension DrawList {
  /// The items, and under each run of neighbours that stand out of the table their shadows, with sharp edges.
  fileprivate var itemsWithShadows: [DrawItem] {
    guard let light, let shadow = light.shadow else { return items }
    let color = Color.black.opacity(shadow.opacity)
    var result: [DrawItem] = []
    var rest = items[...]
    while !rest.isEmpty {
      let run = rest.prefix { $0.relief != nil }
      for item in run {
        let offset = light.shadowOffset(of: item.relief!)
        switch item {
        case .disc(let center, let radius, _, _, _):
          result.append(.disc(center: center + offset, radius: radius, fill: color))
        case .polygon(let corners, _, _, _): result.append(.polygon(corners.map { $0 + offset }, fill: color))
        case .polyline, .text: break
        }
      }
      let flat = rest[run.endIndex...].prefix { $0.relief == nil }
      result += run + flat
      rest = rest[flat.endIndex...]
    }
    return result
  }
}
