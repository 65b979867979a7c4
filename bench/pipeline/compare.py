#!/usr/bin/env python3
"""Weir against a script that a user would write today, on the same video with the same model.

    bench/pipeline/compare.py [--rounds 5] [--weir build/release/bin/weir] [--json]

Needs the assets, a release build of `weir` and `bench_pipeline_parts`, and for the script a Python
with OpenCV, ONNX Runtime and numpy: this one, that of $WEIR_BENCH_VENV, or build/bench-venv, which is
made if pip can. What is not there is left out, and said. Everything runs in turns, so that
whatever else the machine does falls on all alike; what counts are the medians.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ASSETS = ROOT.parent / "shared" / "assets"
VIDEO = ASSETS / "videos/vtest.avi"
MODEL = ASSETS / "models/detection/yolox_nano_416.onnx"
LABELS = ASSETS / "models/labels/coco_80.txt"
NEEDED = "import cv2, numpy, onnxruntime"
SCORE, MARGIN = 0.3, 0.05


def say(text):
    print(text, file=sys.stderr, flush=True)


def has_modules(python):
    run = subprocess.run([python, "-c", NEEDED], capture_output=True)
    return run.returncode == 0


def find_python():
    """A Python that runs the script; None, with a message, if there is none and none can be made."""
    own = ROOT / "build/bench-venv"
    named = Path(os.environ.get("WEIR_BENCH_VENV", own))
    for python in map(str, (sys.executable, named / "bin/python", own / "bin/python")):
        if os.path.exists(python) and has_modules(python):
            return python
    say(f"making {own} …")
    try:
        subprocess.run([sys.executable, "-m", "venv", own], check=True, capture_output=True)
        subprocess.run([own / "bin/pip", "install", "-q", "opencv-python-headless", "onnxruntime",
                        "numpy"], check=True, capture_output=True)
        return str(own / "bin/python")
    except (OSError, subprocess.CalledProcessError):
        say("skipped: no Python with OpenCV and ONNX Runtime; set WEIR_BENCH_VENV to one")
        return None


def measured(command, **options):
    """The process's output, and what it took: seconds, CPU seconds, peak memory."""
    start = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True, **options)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"compare: {' '.join(map(str, command))} ended with {process.returncode}")
    return output, {"wall_s": time.perf_counter() - start,
                    "cpu_s": usage.ru_utime + usage.ru_stime,
                    "peak_mb": usage.ru_maxrss / 1024}


class Bench:
    def __init__(self, weir, folder, python):
        self.weir, self.folder, self.python = weir, folder, python

    def run_weir(self, sinks, *settings):
        output, cost = measured([self.weir, "run", HERE / "vtest.yaml", "--json",
                                 "sinks=" + json.dumps(sinks), *settings], cwd=self.folder)
        report = json.loads(output)
        cost["frames"] = report["tasks"]["done"]
        cost["fps"] = cost["frames"] / report["seconds"]
        return cost

    def run_python(self, *options):
        output, cost = measured([self.python, HERE / "baseline.py", VIDEO, MODEL, LABELS, *options])
        report = json.loads(output)
        cost["frames"] = report["frames"]
        cost["fps"] = report["frames"] / report["seconds"]
        return cost

    def annotated(self):
        return self.run_weir([{"video": "{source}.mp4"}])

    def lines(self):
        return self.run_weir([{"jsonl": "weir.jsonl"}])

    def streams(self, count):
        more = [f"sources.s{i}={{video: {VIDEO}}}" for i in range(1, count)]
        return self.run_weir([{"video": "{source}.mp4"}], *more)

    def first_result_s(self):
        command = [self.weir, "run", HERE / "vtest.yaml", "sources.street.end=2",
                   'sinks=[{"jsonl": "-"}]']
        start = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              cwd=self.folder) as process:
            process.stdout.readline()
            took = time.perf_counter() - start
            process.stdout.read()
        return took

    def parts(self):
        output, _ = measured([Path(self.weir).parent / "bench_pipeline_parts", VIDEO, MODEL])
        return json.loads(output)


def read_boxes(path):
    frames = {}
    for line in open(path):
        task = json.loads(line)
        frames[task["seq"]] = task["findings"]
    return frames


def overlap(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def matched_share(theirs, ours, iou=0.95):
    """Of their boxes that are clearly above the threshold: how many we have, with the same label."""
    asked = found = 0
    for seq, boxes in theirs.items():
        left = list(ours.get(seq, []))
        for box in sorted(boxes, key=lambda one: -one["score"]):
            if box["score"] < SCORE + MARGIN:
                continue
            asked += 1
            same = [mine for mine in left if mine["label"] == box["label"]]
            best = max(same, key=lambda mine: overlap(mine["box"], box["box"]), default=None)
            if best is not None and overlap(best["box"], box["box"]) >= iou:
                found += 1
                left.remove(best)
    return found / max(asked, 1)


def median(runs, key):
    return statistics.median(run[key] for run in runs)


class Table:
    def __init__(self):
        self.rows = []

    def add(self, what, value, unit="", asked=None, at_most=False):
        row = {"what": what, "value": value, "unit": unit}
        if asked is not None:
            row["asked"] = asked
            row["at_most"] = at_most
            row["ok"] = value <= asked if at_most else value >= asked
        self.rows.append(row)

    def text(self):
        lines = [f"{'':52}{'median':>12}  {'asked':>10}"]
        for row in self.rows:
            asked = ""
            if "asked" in row:
                asked = f"{'≤' if row['at_most'] else '≥'} {row['asked']:g}"
            mark = "" if row.get("ok", True) else "   missed"
            value = f"{row['value']:.3f}" if row["value"] < 10 else f"{row['value']:.1f}"
            lines.append(f"{row['what']:52}{value + ' ' + row['unit']:>12}  {asked:>10}{mark}")
        return "\n".join(lines)


def run_all(bench, rounds):
    runs = {"python": [], "annotated": [], "lines": [], "parts": [], "first": [], "three": []}
    for i in range(rounds):
        say(f"round {i + 1} of {rounds} …")
        if bench.python:
            runs["python"].append(bench.run_python("--out", bench.folder / "python.mp4"))
        runs["annotated"].append(bench.annotated())
        runs["lines"].append(bench.lines())
        runs["parts"].append(bench.parts())
        runs["first"].append(bench.first_result_s())
    runs["three"].append(bench.streams(3))
    return runs


def add_comparison(table, bench, runs):
    ours, theirs = runs["annotated"], runs["python"]
    table.add("Python: frames a second, annotated MP4", median(theirs, "fps"), "/s")
    ratio = median(ours, "fps") / median(theirs, "fps")
    table.add("Weir over Python: frames a second", ratio, "x", 1.7)
    table.add("Python over Weir: CPU seconds", median(theirs, "cpu_s") / median(ours, "cpu_s"), "x")
    table.add("Weir over Python: peak memory",
              median(ours, "peak_mb") / median(theirs, "peak_mb"), "x", 0.5, at_most=True)
    bench.run_python("--boxes", bench.folder / "python.jsonl")
    boxes = read_boxes(bench.folder / "python.jsonl"), read_boxes(bench.folder / "weir.jsonl")
    table.add("Python's boxes that Weir has, at IoU 0.95", matched_share(*boxes), "", 0.99)
    table.add("the same at IoU 0.9", matched_share(*boxes, iou=0.9))


def table_of(bench, runs):
    table = Table()
    ours, lines, parts = runs["annotated"], runs["lines"], runs["parts"]
    cores = parts[0]["threads"]
    model_s, decode_s, encode_s = (median(parts, part + "_cpu_ms") / 1000
                                   for part in ("model", "decode", "encode"))
    table.add("Weir: frames a second, annotated MP4", median(ours, "fps"), "/s")
    if bench.python:
        add_comparison(table, bench, runs)
    sum_s = model_s + decode_s + encode_s
    table.add("cores / CPU seconds of model, decode, encode alone", cores / sum_s, "/s")
    table.add("Weir over that: frames a second", median(ours, "fps") * sum_s / cores, "x", 0.93)
    cpu_s = statistics.median(run["cpu_s"] / run["frames"] for run in ours)
    table.add("the same in CPU seconds, start included", sum_s / cpu_s, "x")
    table.add("Weir: frames a second, JSON Lines only", median(lines, "fps"), "/s")
    model_fps = median(parts, "model_fps")
    table.add("bare model: runs a second on all cores", model_fps, "/s")
    table.add("JSON Lines only over the bare model", median(lines, "fps") / model_fps, "x", 0.93)
    cpu_s = statistics.median(run["cpu_s"] / run["frames"] for run in lines)
    table.add("the same in CPU seconds, start included", model_s / cpu_s, "x")
    table.add("Weir: peak memory", median(ours, "peak_mb"), "MB")
    more = (runs["three"][0]["peak_mb"] - median(ours, "peak_mb")) / 2
    table.add("each further stream, with its MP4", more, "MB", 20, at_most=True)
    table.add("start to first result", statistics.median(runs["first"]), "s", 0.5, at_most=True)
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--weir", default=ROOT / "build/release/bin/weir", type=Path)
    parser.add_argument("--json", action="store_true", help="the table as JSON")
    arguments = parser.parse_args()
    for needed in (VIDEO, MODEL, arguments.weir):
        if not needed.exists():
            say(f"skipped: {needed} is not there")
            return
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments.weir.resolve(), Path(folder), find_python())
        table = table_of(bench, run_all(bench, arguments.rounds))
    print(json.dumps(table.rows, indent=1) if arguments.json else table.text())


if __name__ == "__main__":
    main()
