// Places on the bar of time and the steps that they stand for.

import PlanarViewer
import Testing

@Suite struct TimelineModelTests {
  @Test func placesAndStepsBelongTogether() {
    let model = TimelineModel(steps: 20...60, position: 30, end: 120)
    for step in model.steps { #expect(model.step(atShare: model.share(ofStep: step)) == step) }
    #expect(model.share(ofStep: 20) == 0 && model.share(ofStep: 120) == 1)
    #expect(model.step(atShare: -0.5) == 20)
    // What has not happened yet cannot be shown.
    #expect(model.step(atShare: 0.9) == 60)
  }

  @Test func theBarIsAsLongAsWhatIsKnown() {
    let model = TimelineModel(steps: 0...8, position: 8, end: 3)
    #expect(model.end == 8 && model.step(atShare: 1) == 8)
    let first = TimelineModel(steps: 0...0, position: 0, end: 0)
    #expect(first.share(ofStep: 0) == 0 && first.step(atShare: 0.5) == 0)
  }
}
