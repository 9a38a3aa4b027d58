// The window of a teleoperation: the command large above the scene, counts and keys beside it.

import Foundation
import PlanarCore
import PlanarSceneDrawing
import PlanarViewer

extension TeleopControls {
  /// The panel as it is now.
  public var panel: PanelModel {
    PanelModel(
      title: "Planar", subtitle: "\(session.world.name) · teleoperation",
      items: episodeItems + datasetItems, hints: hints, card: isHelpShown ? helpCard : nil,
      banner: banner)
  }

  private var banner: Banner {
    if let replayedStep {
      return Banner(
        text: session.command, detail: "Once more, as it was driven.  Enter keeps, Backspace discards, L ends it.",
        share: Double(replayedStep) / Double(max(1, session.moments.count - 1)))
    }
    let share = session.secondsLeft / (Double(session.world.maximumSteps) * controlPeriod)
    let (detail, tone): (String, Tone) =
      switch session.phase {
      case .waiting: ("Click on the table, or press an arrow key, to take the tip.", .neutral)
      case .driving where isPaused: ("Paused; Space goes on.", .neutral)
      case .driving: (String(format: "%.1f s left", session.secondsLeft), .neutral)
      case .ended(.succeeded): ("Done. Keep it?  Enter keeps, Backspace discards, L shows it again.", .good)
      case .ended(.ruleBroken): ("A rule was broken.  Backspace discards, R tries again, L shows it.", .bad)
      case .ended(.outOfTime): ("Out of time.  Backspace discards, R tries again, L shows it.", .bad)
      }
    return Banner(text: session.command, detail: detail, tone: tone, share: share)
  }

  private var episodeItems: [PanelItem] {
    let hand =
      switch lead.device {
      case .none: "nobody"
      case .pointer: "the pointer"
      case .keys: "keys"
      case .gamepad: "the gamepad"
      }
    var readings = [
      Reading("Time left", String(format: "%.1f s", session.secondsLeft)),
      Reading("Tip led by", hand),
    ]
    if session.world.hasGripper {
      readings.append(Reading("Gripper", session.isGripperOpen ? "open" : "closed"))
    }
    readings += session.world.metricReadings
    readings.append(Reading("Scene", "\(session.world.info.seed)"))
    var items: [PanelItem] = [
      .heading(isPaused ? "Episode, paused" : "Episode"), .readings(readings),
    ]
    if let message { items.append(.message(message.text, tone: message.tone)) }
    return items
  }

  private var datasetItems: [PanelItem] {
    let counts = session.counts
    return [
      .heading("This session"),
      .readings([
        Reading("Kept", wantedEpisodes.map { "\(counts.kept) of \($0)" } ?? "\(counts.kept)"),
        Reading("of them successful", "\(counts.keptSuccesses)"),
        Reading("Discarded", "\(counts.discarded)"),
        Reading("Skipped", "\(counts.skipped)"),
      ]),
      .heading("Dataset"),
      .readings([
        Reading("Episodes", "\(session.dataset.info.episodeCount)"),
        Reading("Frames", "\(session.dataset.info.frameCount)"),
        Reading("Labels", "\(session.dataset.info.labelCount)"),
      ]),
    ]
  }

  private var hints: [KeyHint] {
    var hints = [KeyHint("Click", "Take the tip"), KeyHint("← ↑ ↓ →", "Steer")]
    if session.world.hasGripper { hints.append(KeyHint("G", "Gripper")) }
    hints += [
      KeyHint("Enter", "Keep"), KeyHint("Backspace", "Discard"), KeyHint("R", "Try again"),
      KeyHint("L", "Look again"), KeyHint("N", "Next scene"),
    ]
    if gamepad != nil { hints.append(KeyHint("Stick", "Steer")) }
    hints += [KeyHint("H", "Help"), KeyHint("Q", "Save and quit")]
    return hints
  }

  private var helpCard: HelpCard {
    var hints = [
      KeyHint("Click", "Take the tip: it follows the pointer until the next click"),
      KeyHint("Arrows", "Steer by keys, also W A S D; Shift is slow"),
    ]
    if session.world.hasGripper {
      hints.append(KeyHint("G", "Close or open the gripper, also the right button"))
    }
    hints += [
      KeyHint("Space", isPaused ? "Go on" : "Pause"),
      KeyHint("Enter", "Keep the ended episode, also K"),
      KeyHint("Backspace", "Discard it, also D"),
      KeyHint("L", "Look at the ended episode again, before you decide"),
      KeyHint("R", "The same scene again, from its start"),
      KeyHint("N", "Next scene: a success is kept, anything else is not"),
      KeyHint("V", "What the camera sees, beside the scene"),
      KeyHint("Wheel", "Zoom; Z shows all"),
      KeyHint("P", "Save a picture of the window"),
      KeyHint("Ctrl-Shift-P", "Film the window, until pressed again; Ctrl-Shift-S: the episode as a page"),
      KeyHint("Ctrl-J", "Light or dark window"),
      KeyHint("H", "Show or hide this card; the episode waits meanwhile"),
      KeyHint("Q", "Save and quit; a success that waits is kept"),
    ]
    let grip = session.world.hasGripper ? "A turns the gripper about, the triggers close and open it; " : ""
    let lines =
      gamepad == nil
      ? []
      : ["Gamepad: the left stick steers; \(grip)Y keeps, B discards, X tries again, Start goes on, Back looks again."]
    return HelpCard(
      title: "Keys", hints: hints, lines: lines + ["Kept episodes are on disk at once: nothing kept can be lost."])
  }

  /// Where the tip is led: the commanded tip, and the way from it to the pointer.
  public var overlay: [DrawItem] {
    let ink = Color(hex: 0xd9531e)
    let size = scene.bounds.height / 100
    let tip = shownWorld.commandedTip
    var items: [DrawItem] = []
    if session.phase == .driving, lead.device == .pointer, let pointer = lead.pointer {
      items = [
        .polyline([tip, pointer], width: size * 0.3, color: ink.opacity(0.35)),
        .disc(
          center: pointer, radius: size * 0.9, fill: .clear,
          outline: Outline(color: ink.opacity(0.7), width: size * 0.3)),
      ]
    }
    items.append(
      .disc(
        center: tip, radius: size * (session.phase == .waiting ? 3 : 1), fill: .clear,
        outline: Outline(color: ink, width: size * 0.35)))
    return items
  }
}
