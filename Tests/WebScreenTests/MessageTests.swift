// What pages send: events of a window, or nothing that could do harm.

import Foundation
import PlanarCore
import PlanarProgramTesting
import PlanarViewer
import PlanarWebScreen
import Testing

@Suite(.serialized, .onOwnThreads) struct MessageTests {
  private static let events: [(String, [Event])] = [
    (
      #"{"kind":"command","text":"빨간 원"}"#,
      [.fieldClicked, .key(.letter("a"), .control), .paste("빨간 원"), .key(.enter, [])]
    ),
    (#"{"kind":"typing","isOn":true}"#, [.fieldClicked]),
    (#"{"kind":"typing","isOn":false}"#, [.fieldLeft]),
    (#"{"kind":"key","key":"space"}"#, [.fieldLeft, .key(.space, [])]),
    (#"{"kind":"key","key":"n","alt":true,"shift":true}"#, [.fieldLeft, .key(.letter("n"), [.control, .shift])]),
    (#"{"kind":"key","key":"7"}"#, [.fieldLeft, .key(.digit(7), [])]),
    (#"{"kind":"key","key":"escape"}"#, [.key(.escape, [])]),
    (#"{"kind":"character","text":"+"}"#, [.fieldLeft, .character("+")]),
    (#"{"kind":"choice","text":"push-flow"}"#, [.choiceClicked("push-flow")]),
    (#"{"kind":"switch","text":"fan"}"#, [.switchClicked("fan")]),
    (#"{"kind":"slid","text":"mass","share":0.25}"#, [.slid("mass", 0.25)]),
    (#"{"kind":"slid","text":"mass","share":-7}"#, [.slid("mass", 0)]),
    (#"{"kind":"scrub","number":5}"#, [.scrubbed(5)]),
    (#"{"kind":"scrub","number":-9223372036854775808}"#, [.scrubbed(2)]),
    (#"{"kind":"scrub","number":9223372036854775807}"#, [.scrubbed(9)]),
    (#"{"kind":"move","x":0.25,"y":-1}"#, [.mouseMoved(Vec2(0.25, -1))]),
    (#"{"kind":"press","x":0,"y":0,"button":0}"#, [.mousePressed(.zero, .left)]),
    (#"{"kind":"release","x":0,"y":0,"button":2}"#, [.mouseReleased(.zero, .right)]),
    (#"{"kind":"scroll","x":0,"y":0,"turn":-2}"#, [.scrolled(.zero, -2)]),
    (#"{"kind":"drawn","number":3}"#, []),
  ]

  @Test(arguments: events) func messagesAreEvents(text: String, events: [Event]) throws {
    let message = try #require(PageMessage(Data(text.utf8)))
    #expect(message.events(in: samplePanel()) == events)
  }

  private static let nonsense = [
    "", "null", "[]", "{}", #"{"kind":"shell"}"#, #"{"kind":"key","key":"f1"}"#, #"{"kind":"key","key":"é"}"#,
    #"{"kind":"key"}"#, #"{"kind":"character","text":"a"}"#, #"{"kind":"character","text":""}"#,
    #"{"kind":"press","x":0,"y":0,"button":9}"#, #"{"kind":"press","x":0,"y":0,"button":-1}"#,
    #"{"kind":"move","x":1e999,"y":0}"#, #"{"kind":"move","x":1e300,"y":0}"#, #"{"kind":"move","x":"a","y":0}"#,
    #"{"kind":"scroll","x":0,"y":0,"turn":1e9}"#, #"{"kind":"scrub","number":1e30}"#, #"{"kind":"drawn"}"#,
  ]

  @Test(arguments: nonsense) func nonsenseIsNone(text: String) { #expect(PageMessage(Data(text.utf8)) == nil) }

  @Test func neitherDeepNorLongOnesAreRead() {
    let long = String(repeating: "a", count: 20_000)
    for text in [String(repeating: "[", count: 10_000), #"{"kind":"command","text":"\#(long)"}"#] {
      #expect(PageMessage(Data(text.utf8)) == nil)
    }
  }

  @Test func nothingIsScrubbedWithoutATimeline() {
    #expect(PageMessage.event(.scrubbed(4)).events(in: PanelModel(title: "a")) == [])
    #expect(PageMessage.event(.scrubbed(4)).events(in: nil) == [])
  }

  // MARK: Over a connection

  @Test func whatPeopleDoArrivesInOrder() throws {
    let screen = try WebScreen()
    screen.show(at: 0)
    let (one, other) = (try screen.openPage(), try screen.openPage())
    try one.read()
    try other.read()
    one.client.send(#"{"kind":"key","key":"space"}"#)
    // In two pieces, with a question in between.
    let text = Data(#"{"kind":"command","text":"push it"}"#.utf8)
    one.client.send(text.prefix(9), opcode: 1, isFinal: false)
    one.client.send(Data("hello".utf8), opcode: 9)
    one.client.send(text.dropFirst(9), opcode: 0)
    #expect(
      screen.events(6) == [
        .fieldLeft, .key(.space, []), .fieldClicked, .key(.letter("a"), .control), .paste("push it"),
        .key(.enter, []),
      ])
    // A command that changes nothing is answered all the same: the page can let go of it.
    #expect(screen.show(at: 0))
    for page in [one, other] {
      try page.read()
      #expect(page.news.parts == ["item2"] && page.field("item2", "commands") as? Int == 1)
    }
    other.client.send(#"{"kind":"switch","text":"fan"}"#)
    #expect(screen.events(1) == [.switchClicked("fan")])
  }

  @Test func placesThatThePointerHasPassedDoNotPileUp() throws {
    let screen = try WebScreen()
    let page = try screen.openPage()
    for step in 0...5_000 { page.client.send("{\"kind\":\"move\",\"x\":\(step),\"y\":0}") }
    page.client.send(#"{"kind":"key","key":"escape"}"#)
    var events: [Event] = []
    while events.last != .key(.escape, []) { events += screen.events(1) }
    #expect(events.suffix(2) == [.mouseMoved(Vec2(5_000, 0)), .key(.escape, [])])
  }

  @Test func whoSendsMoreThanCanBeReadIsLetGo() throws {
    let screen = try WebScreen()
    let page = try screen.openPage()
    for _ in 0..<5_000 { page.client.send(#"{"kind":"key","key":"space"}"#) }
    #expect(try page.client.end() == .closed(1008, "There were more messages than can be read."))
    // Its hand lets go, and it stops typing, when it is gone.
    #expect(screen.events(2 * 4_096 + 2).count == 2 * 4_096 + 2)
  }

  @Test(arguments: [
    ("{", UInt8(1), UInt16(1007)), ("a", 2, 1003), ("a", 0, 1003), ("a", 3, 1003),
    ("a", 1, 1009), ("\u{3}\u{e8}", 8, 1000),
  ])
  func aPageThatSendsNonsenseIsLetGo(text: String, opcode: UInt8, code: UInt16) throws {
    let screen = try WebScreen()
    screen.show(at: 0)
    let page = try screen.openPage()
    let witness = try screen.openPage()
    page.client.send(Data(String(repeating: text, count: code == 1009 ? 20_000 : 1).utf8), opcode: opcode)
    guard case .closed(let given, let reason) = try page.client.end() else {
      Issue.record("the connection ended without a word")
      return
    }
    #expect(given == code && reason.isEmpty == (code == 1000))
    // The others go on.
    try witness.read()
    screen.show(at: 0.1)
    try witness.read()
    #expect(witness.news.items == ["1 d 1000,1000,100 #ff0000"])
  }

  @Test func aMessageInPiecesIsNoLongerThanAWholeOne() throws {
    let screen = try WebScreen()
    let page = try screen.openPage()
    for piece in 0..<20 {
      page.client.send(Data(repeating: 0x61, count: 1000), opcode: piece == 0 ? 1 : 0, isFinal: false)
    }
    #expect(try page.client.end() == .closed(1009, "A message has at most 16384 bytes."))
  }

  @Test func bytesThatAreNoFramesEndTheConnectionOnly() throws {
    let screen = try WebScreen()
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      let page = try screen.openPage()
      page.client.write(Data((0..<200).map { _ in UInt8.random(in: 0...255, using: &generator) }))
      page.client.hangUp()
    }
    screen.show(at: 0)
    let page = try screen.openPage()
    try page.read()
    #expect(page.items.count == 2)
  }

  @Test func anEndIsToldAndNobodyIsLetInAfterIt() throws {
    let screen = try WebScreen()
    screen.show(at: 0)
    let page = try screen.openPage()
    try page.read()
    let port = screen.port
    screen.close()
    #expect(try page.client.end() == .closed(1001, "The session is over."))
    #expect(throws: WebSocketClient.Failure.self) { try WebSocketClient(port: port, path: "/") }
  }

  @Test func thereIsAnEndToPages() throws {
    let screen = try WebScreen()
    let pages = try (0..<16).map { _ in try screen.openPage() }
    let path = "/socket" + screen.address.drop { $0 != "?" }
    let origin = ["Origin": "http://127.0.0.1:\(screen.port)"]
    #expect(try WebSocketClient(port: screen.port, path: path, headers: origin).answer.hasPrefix("HTTP/1.1 503 "))
    pages[3].client.hangUp()
    while try !WebSocketClient(port: screen.port, path: path, headers: origin).isOpen {}
  }
}
