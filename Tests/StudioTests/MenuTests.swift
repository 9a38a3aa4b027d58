// The menu of environments and policies, and what who drives sees.

import PlanarArmEnvironments
import PlanarStudio
import PlanarViewer
import Testing

@Suite struct MenuTests {
  private func makeControls() throws -> DemoControls<ArmEnvironment> {
    var controls = DemoControls(session: try makeSession())
    controls.makeMenu = {
      DemoMenu(
        places: [
          DemoMenu.Place(name: "push", purpose: "Pushing."), DemoMenu.Place(name: "reach", purpose: "Reaching."),
        ],
        policies: [
          DemoMenu.Entry(name: "noise", environment: "push", detail: "stub, objects"),
          DemoMenu.Entry(name: "seer", environment: "push", detail: "flow, picture", problem: "needs --image"),
          DemoMenu.Entry(name: "other", environment: "push", detail: "flow, objects"),
          DemoMenu.Entry(name: "reacher", environment: "reach", detail: "flow, its arm alone"),
        ])
    }
    return controls
  }

  private func choices(_ controls: DemoControls<ArmEnvironment>) -> [Choice] {
    controls.panel.items.flatMap { item in if case .choices(let rows) = item { rows } else { [Choice]() } }
  }

  @Test func itListsWhatThereIsAndGreysWhatDoesNotFit() throws {
    var controls = try makeControls()
    controls.handle(.key(.letter("c"), .control))
    let rows = choices(controls)
    #expect(rows.map(\.label) == ["push", "reach", "noise", "seer", "other"])
    #expect(rows.filter { !$0.isEnabled }.map(\.label) == ["seer"] && rows[3].detail == "needs --image")
    #expect(rows[0].detail == "3 policies" && rows[1].detail == "1 policy")
    controls.handle(.choiceClicked(rows[1].id))
    #expect(choices(controls).map(\.label) == ["push", "reach", "reacher"])
    controls.handle(.key(.letter("c"), .control))
    #expect(choices(controls).map(\.label) == ["expert", "noise"])
  }

  @Test func aPolicyAtHandTakesOverAndAnotherIsAskedFor() throws {
    var controls = try makeControls()
    controls.handle(.key(.letter("c"), .control))
    controls.handle(.choiceClicked("policy noise"))
    let none = controls.takeSessionRequest()
    #expect(controls.session.pilot.name == "noise" && none == nil)
    controls.handle(.key(.letter("c"), .control))
    controls.handle(.choiceClicked("policy other"))
    let asked = controls.takeSessionRequest()
    let request = try #require(asked)
    #expect(request.environment == "push" && request.pilots == ["other"])
    #expect(request.seed == controls.session.world.info.seed)
    controls.handle(.key(.letter("c"), .control))
    controls.handle(.choiceClicked("environment reach"))
    controls.handle(.choiceClicked("policy reacher"))
    let elsewhere = controls.takeSessionRequest()
    #expect(elsewhere.map { [$0.environment] + $0.pilots } == ["reach", "reacher"])
    controls.handle(.key(.letter("c"), .control))
    controls.handle(.choiceClicked("environment reach"))
    controls.handle(.switchClicked("go there"))
    let last = controls.takeSessionRequest()
    #expect(last?.environment == "reach")
  }

  @Test func whatWhoDrivesSeesIsSaid() throws {
    var controls = try makeControls()
    func says(_ words: String) -> Bool {
      controls.panel.items.contains { item in
        if case .message(let text, _, _) = item { text.contains(words) } else { false }
      }
    }
    #expect(says("expert is no policy"))
    controls.handle(.key(.digit(2), []))
    #expect(says("Sees the arm, every object's place and the command."))
  }
}
