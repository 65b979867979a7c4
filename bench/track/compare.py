#!/usr/bin/env python3
"""ByteTrack of Weir beside that of supervision, from the same detections in memory, in one run.

    python3 -m venv /tmp/track && /tmp/track/bin/pip install supervision==0.25.1
    bench/track/compare.py --venv /tmp/track [--bench build/release/bin/bench_track]

Passes over a scene take turns, so that whatever else the machine does falls on both; what counts
is the ratio of the medians. Installs nothing; without supervision it says so and ends with 0.
--least 45 makes it fail (exit code 1) where the ratio of the first scene is smaller.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MOT = os.path.join(os.path.dirname(ROOT), "shared", "assets", "mot")


def use_venv(folder):
    """Goes on as the Python of that environment."""
    python = os.path.join(folder, "bin", "python3")
    if not os.path.exists(python):
        sys.exit(f"compare.py: {folder}: no virtual environment; make it with `python3 -m venv {folder}`")
    if os.environ.get("WEIR_TRACK_VENV") != folder:
        os.environ["WEIR_TRACK_VENV"] = folder
        os.execv(python, [python] + sys.argv)


def palace():
    frames = {}
    with open(os.path.join(MOT, "bytetrack_palace_detection.json")) as file:
        for row in json.load(file)["results"]:
            x, y, w, h = (float(row[key]) for key in ("x", "y", "width", "height"))
            frames.setdefault(int(row["frame_id"]), []).append((x, y, x + w, y + h, float(row["prob"])))
    return frames


def mot(name):
    frames = {}
    with open(os.path.join(MOT, name + ".det.txt")) as file:
        for line in file:
            row = [float(value) for value in line.split(",")]
            x, y, w, h = row[2:6]
            frames.setdefault(int(row[0]) - 1, []).append((x, y, x + w, y + h, row[6]))
    return frames


def detections_of(frames, np, sv):
    out = []
    for number in range(max(frames) + 1):
        rows = np.array(frames.get(number, []), dtype=np.float32).reshape(-1, 5)
        out.append(sv.Detections(xyxy=rows[:, :4], confidence=rows[:, 4],
                                 class_id=np.zeros(len(rows), dtype=int)))
    return out


def pass_of_supervision(frames, sv):
    # Begins tracks at activation + 0.1, looks at scores above 0.1: as track_bench.cc says it to ours.
    tracker = sv.ByteTrack(track_activation_threshold=0.5, lost_track_buffer=30,
                           minimum_matching_threshold=0.8, frame_rate=30)
    followed = 0
    start = time.perf_counter()
    for detections in frames:
        followed += len(tracker.update_with_detections(detections))
    return time.perf_counter() - start, followed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--venv", help="a virtual environment that has supervision")
    parser.add_argument("--bench", default=os.path.join(ROOT, "build/release/bin/bench_track"))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--least", type=float, default=0)
    arguments = parser.parse_args()
    if arguments.venv:
        use_venv(arguments.venv)
    try:
        import numpy as np
        import supervision as sv
    except ImportError as missing:
        print(f"skipped: {missing}; --venv names an environment with supervision==0.25.1")
        return 0
    if not os.path.isdir(MOT):
        print(f"skipped: no {MOT}")
        return 0

    ours = subprocess.Popen([arguments.bench, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            text=True)
    names = []
    while (line := ours.stdout.readline().strip()) != "ready":
        names.append(line.split()[0])
    print(f"supervision {sv.__version__}, numpy {np.__version__}, {arguments.rounds} passes each, in turns")
    ratios = []
    for number, name in enumerate(names):
        frames = detections_of(palace() if name == "palace" else mot(name), np, sv)
        theirs_s, ours_s = [], []
        for round_number in range(-1, arguments.rounds):  # the first warms up
            theirs, theirs_boxes = pass_of_supervision(frames, sv)
            ours.stdin.write(f"{number}\n")
            ours.stdin.flush()
            mine, our_boxes = ours.stdout.readline().split()
            if round_number >= 0:
                theirs_s.append(theirs)
                ours_s.append(float(mine))
        theirs_fps = len(frames) / statistics.median(theirs_s)
        ours_fps = len(frames) / statistics.median(ours_s)
        ratios.append(ours_fps / theirs_fps)
        print(f"{name:14} {len(frames):4} frames   supervision {theirs_fps:8.0f}/s   weir {ours_fps:9.0f}/s"
              f"   {ratios[-1]:6.1f} x   boxes followed {theirs_boxes} and {our_boxes}")
    ours.stdin.close()
    ours.wait()
    return 1 if ratios and ratios[0] < arguments.least else 0


if __name__ == "__main__":
    sys.exit(main())
