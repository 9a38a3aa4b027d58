// Finding contacts, and carrying over what the last step knew of them.

import PlanarCore

extension World {
  mutating func findContacts(_ kinematics: ArmKinematics) {
    swap(&contacts, &previousContacts)
    contacts.removeAll(keepingCapacity: true)
    let margin = settings.speculativeMargin
    let tipPose = Pose(position: kinematics.tip, rotation: .identity)
    let tipShape = BodyShape.disc(radius: arm.tipRadius)
    for b in models.indices {
      let pose = self.pose(of: b)
      let reach = models[b].shape.circumradius
      if (pose.position - tipPose.position).length < reach + arm.tipRadius + margin {
        let manifold = collide(tipShape, tipPose, models[b].shape, pose, margin: margin)
        add(manifold, .tip, b, friction: pairFriction(arm.tipFriction, models[b].contactFriction))
      }
      for a in 0..<b {
        let other = states[a].position
        if (pose.position - other).length < reach + models[a].shape.circumradius + margin {
          let manifold = collide(
            models[a].shape, self.pose(of: a), models[b].shape, pose, margin: margin)
          add(
            manifold, .body(a), b,
            friction: pairFriction(models[a].contactFriction, models[b].contactFriction))
        }
      }
      for w in walls.indices
      where (pose.position - walls[w].point).dot(walls[w].normal) < reach + margin {
        let manifold = collide(walls[w], models[b].shape, pose, margin: margin)
        add(
          manifold, .wall(w), b,
          friction: pairFriction(walls[w].friction, models[b].contactFriction))
      }
    }
  }

  private mutating func add(
    _ manifold: Manifold, _ partner: ContactPartner, _ body: Int, friction: Double
  ) {
    for i in 0..<manifold.count {
      let point = manifold[i]
      var contact = Contact(
        partner: partner, body: body, feature: point.feature, normal: manifold.normal,
        friction: friction, separation: point.separation, armA: .zero,
        armB: point.position - states[body].position)
      switch partner {
      case .body(let a): contact.armA = point.position - states[a].position
      case .tip: contact.armA = point.position
      case .wall: break
      }
      if let old = previousContacts.first(where: { contact.continues($0) }) {
        contact.normalImpulse = old.normalImpulse
        contact.tangentImpulse = old.tangentImpulse
      }
      contacts.append(contact)
    }
  }

  /// The usual combination of two Coulomb coefficients: their geometric mean.
  private func pairFriction(_ a: Double, _ b: Double) -> Double { (a * b).squareRoot() }

  /// Effective masses along normal and tangent of every contact.
  mutating func prepareContacts(_ kinematics: ArmKinematics, _ armStep: ArmStep) {
    for i in contacts.indices {
      var contact = contacts[i]
      let model = models[contact.body]
      let n = contact.normal
      let t = contact.tangent
      let rn = contact.armB.cross(n)
      let rt = contact.armB.cross(t)
      var kn = 1 / model.mass + rn * rn / model.inertia
      var kt = 1 / model.mass + rt * rt / model.inertia
      switch contact.partner {
      case .body(let a):
        let ma = models[a]
        let an = contact.armA.cross(n)
        let at = contact.armA.cross(t)
        kn += 1 / ma.mass + an * an / ma.inertia
        kt += 1 / ma.mass + at * at / ma.inertia
      case .tip:
        let (jx, jy) = kinematics.jacobian(of: contact.armA, onLink: arm.jointCount - 1)
        contact.tipNormal = jx * n.x + jy * n.y
        contact.tipTangent = jx * t.x + jy * t.y
        contact.tipNormalResponse = armStep.inverseMass.times(contact.tipNormal)
        contact.tipTangentResponse = armStep.inverseMass.times(contact.tipTangent)
        kn += (contact.tipNormal * contact.tipNormalResponse).sum()
        kt += (contact.tipTangent * contact.tipTangentResponse).sum()
      case .wall: break
      }
      contact.normalMass = 1 / kn
      contact.tangentMass = 1 / kt
      contacts[i] = contact
    }
  }

  mutating func startFromLastImpulses() {
    for i in models.indices {
      states[i].velocity += support[i].impulse / models[i].mass
      states[i].spin += support[i].scaledTorque * support[i].radius / models[i].inertia
    }
    for i in contacts.indices {
      let contact = contacts[i]
      apply(contact, normal: contact.normalImpulse, tangent: contact.tangentImpulse)
    }
  }
}
