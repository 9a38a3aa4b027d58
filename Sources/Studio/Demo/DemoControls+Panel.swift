// The panel of a demo: command, pilots, figures, keys.

import Foundation
import PlanarViewer

extension DemoControls {
  /// The panel as it is now.
  public var panel: PanelModel {
    PanelModel(
      title: "Planar",
      subtitle: "\(session.world.name) · \(session.world.randomization) randomization",
      items: menuItems ?? commandItems + learningItems + pilotItems + laneItems + worldItems + switchItems
        + figureItems,
      hints: hints,
      card: isHelpShown ? helpCard : nil, timeline: timeline)
  }

  /// In rooms of fixed height, so that what can be clicked below stays where it is.
  private var commandItems: [PanelItem] {
    let note = message ?? (suggestion.map { "You could say: \($0)" } ?? "Enter gives what is typed.", .neutral)
    return [
      .heading("Command"),
      .paragraph(session.command, lines: 2),
      .field(field, placeholder: "type another"),
      .message(note.text, tone: note.tone, lines: 3),
    ]
  }

  private var switchItems: [PanelItem] {
    let switches = ThinkingView.allCases.map { view in
      Switch(
        id: view.rawValue, label: view.label, detail: session.detail(of: view),
        key: "Ctrl-\(view.letter.uppercased())", isOn: session.showing.contains(view))
    }
    let words = session.showing.contains(.attention) ? session.thought.gaze?.topWords ?? "" : ""
    return [.heading("Thinking"), .switches(switches)]
      + (session.showing.contains(.attention)
        ? [.message(words.isEmpty ? " " : "Words: \(words)", tone: .neutral, lines: 2)] : [])
  }

  /// The bar grows by pieces, so that the knob keeps its place from step to step.
  private var timeline: TimelineModel {
    let period = session.world.controlPeriod
    let kept = keptSteps
    let pace = "× \(speed >= 1 ? String(Int(speed)) : "1/\(Int(1 / speed))")"
    let state = isInPast ? ", in the past" : isPaused ? ", paused" : ""
    return TimelineModel(
      steps: kept, position: step,
      end: (kept.upperBound / 50 + 1) * 50,
      marks: session.questionSteps,
      curves: curves,
      label: String(format: "%.1f s, step %d of %d", Double(step) * period, step, kept.upperBound)
        + state,
      detail: pace)
  }

  private var pilotItems: [PanelItem] {
    let choices = session.pilots.enumerated().map { index, pilot in
      Choice(
        id: pilot.name, label: pilot.name, detail: pilot.detail,
        key: index < 9 ? String(index + 1) : "", isChosen: index == session.pilotIndex)
    }
    return [.heading("Policy"), .choices(choices)] + sightItems
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
      KeyHint("Letters", "Command"), KeyHint("Ctrl-N", "Next scene"), KeyHint("Space", isPaused ? "Go on" : "Pause"),
      KeyHint("← →", "Back, forth"), KeyHint("− +", "Speed"), KeyHint("Ctrl-R", "Repeat scene"),
      KeyHint("Ctrl-O", "Side by side"), KeyHint("Ctrl-H", "All keys"),
    ]
  }

  private var helpCard: HelpCard {
    HelpCard(
      title: "Keys",
      hints: [
        KeyHint("Letters", "Type a command; Enter gives it, Esc clears it, Ctrl-A selects it"),
        KeyHint("↑ ↓", "Commands that were given before"),
        KeyHint("Ctrl-N, Ctrl-R", "Next scene; this scene from its start"),
        KeyHint("Space", "Pause, go on; in the past the episode goes on from there"),
        KeyHint("← →", "Step back and forth (Shift: ten); Home, End; drag the bar"),
        KeyHint(".", "One control step (also Ctrl-S)"),
        KeyHint("− +", "Slower, faster: 1/8 to 8 times"),
        KeyHint("Tab", "Completes what is typed; else the next policy, which digits choose too"),
      ]
        + ThinkingView.allCases.map { KeyHint("Ctrl-\($0.letter.uppercased())", $0.explanation) } + [
          KeyHint("Ctrl-C", "Choose another environment or policy from all that there are"),
          KeyHint("Ctrl-E", "Next environment (with Shift: the one before)"),
          KeyHint("Ctrl-G, Ctrl-L", "Next randomization; language of commands; same scene"),
          KeyHint("Ctrl-O", "One policy more beside it, up to four (with Shift: one fewer); a click chooses"),
          KeyHint("Ctrl-K", "Sliders for the world and the policy's chunks; with Shift: all as it was drawn"),
          KeyHint("Ctrl-I", "What the camera sees, beside the scene"),
          KeyHint("Ctrl-B, Ctrl-J", "Initials of the objects' colours; light or dark window"),
          KeyHint("Mouse", "Drag a thing or a zone; with the right button turn it; the wheel zooms, Ctrl-Z shows all"),
          KeyHint(
            "Mouse on the tip",
            "Drive yourself while it is held (right button: gripper); a policy that learns learns from it"),
          KeyHint("Ctrl-P", "Save a picture of the window; with Shift: film it, until pressed again"),
          KeyHint("Ctrl-Shift-S", "Save the episode so far as a page for any browser"),
          KeyHint("Ctrl-H, Ctrl-Q", "This card; quit"),
        ],
      lines: [
        "The dots are the predicted action chunk: where the policy will bring the tip. Filled dots are executed before it looks again; hollow ones are only foreseen. Policies do not see them."
      ])
  }
}
