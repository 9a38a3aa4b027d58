// The panel of a demo: command, pilots, figures, keys.

import Foundation
import PlanarViewer

extension DemoControls {
  /// The panel as it is now.
  public var panel: PanelModel {
    PanelModel(
      title: "Planar",
      subtitle: "\(session.world.name) · \(session.world.randomization) randomization",
      items: commandItems + pilotItems + figureItems, hints: hints,
      card: isHelpShown ? helpCard : nil)
  }

  private var commandItems: [PanelItem] {
    var items: [PanelItem] = [
      .heading("Command"),
      .paragraph(session.command),
      .field(field, placeholder: "type / to give another"),
    ]
    if let message { items.append(.message(message.text, tone: message.tone)) }
    return items
  }

  private var pilotItems: [PanelItem] {
    let choices = session.pilots.enumerated().map { index, pilot in
      Choice(
        id: pilot.name, label: pilot.name, detail: pilot.detail,
        key: index < 9 ? String(index + 1) : "", isChosen: index == session.pilotIndex)
    }
    return [.heading("Policy"), .choices(choices)]
  }

  private var figureItems: [PanelItem] {
    let statistics = session.pilotStatistics
    let seconds = Double(session.stepsLeft) * session.world.controlPeriod
    return [
      .heading(isPaused ? "Episode, paused" : "Episode"),
      .readings(
        [
          Reading("Episode", "\(session.episode)"),
          Reading("Time left", String(format: "%.1f s", seconds)),
          Reading(
            "Succeeded", statistics.attempts == 0 ? "–" : "\(statistics.successes) of \(statistics.attempts)"),
          Reading(
            "Inference",
            session.lastInference.map { String(format: "%.2f ms", Double(microseconds($0)) / 1000) }
              ?? "–"),
        ] + session.world.metricReadings),
    ]
  }

  private var hints: [KeyHint] {
    [
      KeyHint("/", "Command"), KeyHint("N", "Next scene"), KeyHint("Space", isPaused ? "Go on" : "Pause"),
      KeyHint("S", "Single step"), KeyHint("R", "Repeat scene"), KeyHint("E", "Environment"),
      KeyHint("G", "Randomization"), KeyHint("V", "Camera"), KeyHint("H", "Help"),
    ]
  }

  private var helpCard: HelpCard {
    HelpCard(
      title: "Keys",
      hints: [
        KeyHint("/", "Type a command; Enter gives it, Esc clears it"),
        KeyHint("N", "Next scene"),
        KeyHint("R", "Repeat this scene from its start"),
        KeyHint("Space", isPaused ? "Go on" : "Pause"),
        KeyHint("S", "One control step (also .)"),
        KeyHint("Tab", "Next policy; digits choose one"),
        KeyHint("E", "Next environment (Shift-E: the one before)"),
        KeyHint("G", "Next level of randomization, same scene"),
        KeyHint("L", "Commands in English, Korean, or both, same scene"),
        KeyHint("V", "What the camera sees, beside the scene"),
        KeyHint("Mouse", "Drag a thing about; the wheel looks closer, Z at all"),
        KeyHint("P", "Save a picture of the window"),
        KeyHint("H", "Show or hide this card"),
        KeyHint("Esc", "Close the card, or quit"),
      ],
      lines: [
        "The dots are the predicted action chunk: where the policy will bring the tip. Filled dots are executed before it looks again; hollow ones are only foreseen. Policies do not see them."
      ])
  }
}
