#!/usr/bin/env python3
"""What a user would write today: OpenCV reads and draws, ONNX Runtime runs a YOLOX, OpenCV writes.

    python baseline.py VIDEO MODEL LABELS [--out annotated.mp4] [--boxes boxes.jsonl]

Prints one line of JSON: the frames, and the seconds from the first frame to the closed file.
The measure of compare.py; written plainly, with what is well known to be fast: one letterbox into a
buffer that is kept, numpy without loops over cells, OpenCV's own NMS per class.
"""
import argparse
import json
import time

import cv2
import numpy as np
import onnxruntime as ort

SCORE, NMS, PAD = 0.3, 0.45, 114
STRIDES = (8, 16, 32)


def grid_of(side):
    """The column, row and stride of each line of the output."""
    lines = []
    for stride in STRIDES:
        cells = side // stride
        y, x = np.mgrid[:cells, :cells]
        lines.append(np.stack([x.ravel(), y.ravel(), np.full(cells * cells, stride)], 1))
    return np.concatenate(lines).astype(np.float32)


class Detector:
    def __init__(self, model, threads):
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        node = self.session.get_inputs()[0]
        self.name, self.side = node.name, node.shape[2]
        self.grid = grid_of(self.side)
        self.canvas = np.full((self.side, self.side, 3), PAD, np.uint8)

    def find(self, frame):
        height, width = frame.shape[:2]
        ratio = min(self.side / height, self.side / width)
        size = (int(width * ratio), int(height * ratio))
        self.canvas[: size[1], : size[0]] = cv2.resize(frame, size)
        blob = self.canvas.transpose(2, 0, 1)[None].astype(np.float32)
        rows = self.session.run(None, {self.name: blob})[0][0]
        scores = rows[:, 4:5] * rows[:, 5:]
        best = scores.argmax(1)
        score = scores[np.arange(len(best)), best]
        seen = score >= SCORE
        rows, best, score, grid = rows[seen], best[seen], score[seen], self.grid[seen]
        centre = (rows[:, :2] + grid[:, :2]) * grid[:, 2:]
        half = np.exp(rows[:, 2:4]) * grid[:, 2:] / 2
        boxes = np.concatenate([centre - half, centre + half], 1) / ratio
        if len(boxes) == 0:
            return []
        sides = boxes.copy()
        sides[:, 2:] -= sides[:, :2]
        kept = cv2.dnn.NMSBoxesBatched(sides, score, best, SCORE, NMS)
        boxes[:, 0::2] = boxes[:, 0::2].clip(0, width)
        boxes[:, 1::2] = boxes[:, 1::2].clip(0, height)
        return [(boxes[i], float(score[i]), int(best[i])) for i in kept]


def draw(frame, found, labels, colours):
    for box, score, label in found:
        x1, y1, x2, y2 = (int(side) for side in box)
        colour = colours[label]
        cv2.rectangle(frame, (x1, y1), (x2, y2), colour, 2)
        text = f"{labels[label]} {score:.2f}"
        (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.5, 1)
        cv2.rectangle(frame, (x1, y1 - high - 6), (x1 + wide + 4, y1), colour, -1)
        cv2.putText(frame, text, (x1 + 2, y1 - 4), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255),
                    1, cv2.LINE_AA)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("video")
    parser.add_argument("model")
    parser.add_argument("labels")
    parser.add_argument("--out")
    parser.add_argument("--boxes")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()

    detector = Detector(arguments.model, arguments.threads)
    labels = open(arguments.labels).read().splitlines()
    shades = np.random.default_rng(1).integers(40, 220, (len(labels), 3))
    colours = [tuple(int(level) for level in shade) for shade in shades]
    lines = open(arguments.boxes, "w") if arguments.boxes else None
    start = time.perf_counter()
    video = cv2.VideoCapture(arguments.video)
    writer, frames = None, 0
    while True:
        read, frame = video.read()
        if not read:
            break
        found = detector.find(frame)
        if lines:
            rows = [{"box": [round(float(side), 2) for side in box], "score": round(score, 4),
                     "label": labels[label]} for box, score, label in found]
            lines.write(json.dumps({"seq": frames, "findings": rows}) + "\n")
        if arguments.out:
            if writer is None:
                size = (frame.shape[1], frame.shape[0])
                writer = cv2.VideoWriter(arguments.out, cv2.VideoWriter_fourcc(*"mp4v"),
                                         video.get(cv2.CAP_PROP_FPS), size)
            draw(frame, found, labels, colours)
            writer.write(frame)
        frames += 1
    if writer:
        writer.release()
    if lines:
        lines.close()
    print(json.dumps({"frames": frames, "seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    main()
