#!/usr/bin/env python3
"""MuJoCo on the scenes of `planar bench physics --scaling`, beside Planar's figures.

    planar bench physics --scaling --json > planar.json
    python3 Assets/physics-scaling-peer.py planar.json [--scenes stir pile] [--most 256]

Prints, for every scene and number of boxes in the file, the steps per second of both and their ratio. Times are those of
one thread. Run both on the same machine, best by turns. Needs: mujoco, numpy.
"""
import argparse
import json
import math
import sys
import time

import mujoco

STEP = 0.005
PUSH_EVERY = 20  # steps between two changes of the shaken table


def wall(x, y, nx, ny):
    return (f'<geom type="plane" pos="{x} {y} 0" zaxis="{nx} {ny} 0" size="5 5 0.1" '
            f'contype="1" conaffinity="2"/>')


def box(x, y, angle, half, mass, loss=0.0):
    """A box that moves in the plane; `loss` is the force of support friction, N."""
    c, s = math.cos(angle), math.sin(angle)
    # Torque of uniform pressure on a square: the mean distance from its centre is 0.765 of half its side.
    spin = loss * 0.765 * half
    return (f'<body pos="{x} {y} 0" euler="0 0 {angle}">'
            f'<joint type="slide" axis="{c} {-s} 0" frictionloss="{loss}"/>'
            f'<joint type="slide" axis="{s} {c} 0" frictionloss="{loss}"/>'
            f'<joint type="hinge" axis="0 0 1" frictionloss="{spin}"/>'
            f'<geom type="box" size="{half} {half} {half}" mass="{mass}" contype="2" conaffinity="3"/></body>')


def model(world, gravity, friction, actuators=""):
    return mujoco.MjModel.from_xml_string(
        f'<mujoco><compiler angle="radian"/>'
        f'<option timestep="{STEP}" gravity="0 {-gravity} 0" integrator="implicitfast"/><size memory="800M"/>'
        f'<default><geom condim="3" friction="{friction} 0.005 0.0001"/></default>'
        f'<worldbody>{world}</worldbody>{actuators}</mujoco>')


class Table:
    """Boxes of 60 mm in a square grid, seen from above."""

    def __init__(self, count, margin, stirs):
        columns = math.ceil(math.sqrt(count))
        self.half, self.stirs = columns * 0.075 / 2, stirs
        edge = self.half + margin
        body = wall(edge, 0, -1, 0) + wall(-edge, 0, 1, 0) + wall(0, edge, 0, -1) + wall(0, -edge, 0, 1)
        for i in range(count):
            body += box((i % columns + 0.5) * 0.075 - self.half, (i // columns + 0.5) * 0.075 - self.half,
                        0, 0.03, 0.2, loss=0.3 * 0.2 * 9.81)
        actuators = ""
        if stirs:
            # A heavy disc whose velocity is told stands for the kinematic one.
            body += (f'<body pos="0 {self.half + 0.1} 0"><joint type="slide" axis="1 0 0" name="x"/>'
                     f'<joint type="slide" axis="0 1 0" name="y"/>'
                     f'<geom type="cylinder" size="0.025 0.03" mass="20" contype="2" conaffinity="2"/></body>')
            actuators = '<actuator><velocity joint="x" kv="5000"/><velocity joint="y" kv="5000"/></actuator>'
        self.model = model(body, 0, 0.5, actuators)

    def drive(self, data, step):
        if self.stirs:
            turns = 2 * math.pi * 0.4 / (4 * self.half) * (step + 1) * STEP
            data.ctrl[0] = (self.half * math.sin(turns) - data.qpos[-2]) / STEP
            data.ctrl[1] = ((self.half + 0.1) * (math.cos(1.37 * turns) - 1) - data.qpos[-1]) / STEP
        elif step % PUSH_EVERY == 0:
            angle = math.pi * step * STEP
            self.model.opt.gravity[:] = [6 * math.cos(angle), 6 * math.sin(angle), 0]


class Side:
    """Boxes of 100 mm under gravity, seen from the side."""

    def __init__(self, count, is_pile):
        places = self.pile(count) if is_pile else self.pyramid(count)
        body = wall(0, 0, 0, 1)
        if is_pile:
            edge = math.ceil(math.sqrt(count)) * 0.15 / 2 + 0.05
            body += wall(edge, 0, -1, 0) + wall(-edge, 0, 1, 0)
        body += "".join(box(x, y, angle, 0.05, 1) for x, y, angle in places)
        self.model = model(body, 9.81, 0.6)

    @staticmethod
    def pyramid(count):
        rows = 0
        while rows * (rows + 1) // 2 < count:
            rows += 1
        return [((column - (rows - row - 1) / 2) * 0.105, 0.05 + row * 0.1, 0)
                for row in range(rows) for column in range(rows - row)]

    @staticmethod
    def pile(count):
        columns, word, places = math.ceil(math.sqrt(count)), 7, []
        for i in range(count):
            draws = []
            for _ in range(2):
                word = (word * 6364136223846793005 + 1442695040888963407) % 2**64
                draws.append((word >> 11) / 2**53)
            x = (i % columns + 0.5) * 0.15 - columns * 0.075 + (draws[0] - 0.5) * 0.01
            places.append((x, 0.1 + i // columns * 0.16, (draws[1] - 0.5) * 1.5))
        return places

    def drive(self, data, step):
        pass


def scene(kind, count):
    if kind in ("stir", "slosh"):
        return Table(count, 0.3 if kind == "stir" else 0.02, kind == "stir")
    return Side(count, kind == "pile")


def rate(kind, count, steps, seconds):
    """Steps per second of thread time over as many steps from the start as fit in the seconds."""
    world = scene(kind, count)
    data = mujoco.MjData(world.model)
    start = time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID)
    spent, done = 0.0, 0
    while done < steps and (spent < seconds or done == 0):
        for _ in range(PUSH_EVERY):
            world.drive(data, done)
            mujoco.mj_step(world.model, data)
            done += 1
        spent = time.clock_gettime(time.CLOCK_THREAD_CPUTIME_ID) - start
    return done / spent, done


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("planar", help="what `planar bench physics --scaling --json` printed")
    parser.add_argument("--scenes", nargs="+", choices=["stir", "slosh", "pyramid", "pile"], help="only these")
    parser.add_argument("--most", type=int, default=256, help="the most boxes (256)")
    parser.add_argument("--seconds", type=float, default=20, help="the most seconds for each scene (20)")
    options = parser.parse_args()
    try:
        with open(options.planar) as file:
            report = json.load(file)
        ours = [(r["scene"], r["count"], r["sleeps"], r["stepsPerSecond"]) for r in report["results"]]
        steps = report["steps"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(f"{options.planar}: no figures of Planar ({error}); write them with "
                 "`planar bench physics --scaling --json`")
    kept = [r for r in ours if r[1] <= options.most and (not options.scenes or r[0] in options.scenes)]
    theirs = {}
    print(f"MuJoCo {mujoco.__version__}\n{'scene':8} {'boxes':>5} {'sleep':>5} {'Planar':>10} {'MuJoCo':>10} {'ratio':>7}")
    for kind, count, sleeps, planar in kept:
        if (kind, count) not in theirs:
            theirs[kind, count] = rate(kind, count, steps, options.seconds)
        peer, done = theirs[kind, count]
        note = "" if done == steps else f"  (MuJoCo: the first {done} steps)"
        print(f"{kind:8} {count:5} {'yes' if sleeps else 'no':>5} {planar:10.0f} {peer:10.0f} {planar / peer:7.1f}{note}")


if __name__ == "__main__":
    main()
