// What a person sees in the window is what the session holds: objects where they are, in their colours,
// and the chunk of the policy that drives.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarSceneDrawing
import PlanarStudio
import Testing
import PlanarViewer
import PlanarProgramTesting
import PlanarWindowTesting

@Suite(.onOwnThreads, .enabled(if: VirtualDisplay.isPossible, "needs a display or Xvfb"))
struct WindowPictureTests {
  private func picture(
    of session: DemoSession<ArmEnvironment>, in window: ViewerWindow
  ) -> Image {
    _ = window.pollEvents()
    window.draw(
      scene: session.world.drawList, overlay: session.overlay, panel: PanelModel(title: "Test"))
    return window.readPixels()
  }

  @Test func theNamedObjectStandsWhereItIsInItsColour() throws {
    try VirtualDisplay.use {
      let window = try ViewerWindow(title: "Test", width: 900, height: 600)
      var checked = 0
      for seed in 40..<48 as Range<UInt64> {
        let session = try makeSession(firstSeed: seed)
        let world = session.world
        let index = try #require(world.goalObject)
        let name = world.scene.objects[index].colorName
        let center = world.physics.states[index].position
        // Where an arm's link runs above the object, its colour is veiled.
        let kinematics = world.physics.arm.kinematics
        let isCovered = (0..<world.physics.arm.jointCount).contains { link in
          let a = kinematics.point(link)
          let way = kinematics.point(link + 1) - a
          let share = max(0, min(1, (center - a).dot(way) / way.lengthSquared))
          return (a + way * share - center).length < 0.03
        }
        if isCovered { continue }
        checked += 1
        let shown = picture(of: session, in: window)
        let place = window.project(center)
        let seen = shown[Int(place.x), Int(place.y)]
        let named = try #require(
          world.specification.objects.colors.first { $0.name == name }?.color)
        #expect(abs(seen.red - named.red) < 0.01 && abs(seen.green - named.green) < 0.01)
        #expect(abs(seen.blue - named.blue) < 0.01)
      }
      #expect(checked >= 3)
    }
  }

  @Test func theDrawnChunkChangesWithThePolicy() throws {
    try VirtualDisplay.use {
      let window = try ViewerWindow(title: "Test", width: 900, height: 600)
      func shown(pilot: Int) throws -> Image {
        var session = try makeSession(firstSeed: 41)
        session.selectPilot(pilot)
        session.advance()
        // The same scene under both chunks: only what is drawn over it may differ.
        _ = window.pollEvents()
        let scene = try makeSession(firstSeed: 41).world.drawList
        window.draw(scene: scene, overlay: session.overlay, panel: PanelModel(title: "Test"))
        return window.readPixels()
      }
      let first = try shown(pilot: 0)
      #expect(first == (try shown(pilot: 0)))
      #expect(first != (try shown(pilot: 1)))
    }
  }
}
