#!/usr/bin/env python3
"""coverage_table.py SUMMARY: what gcovr counted, folder by folder, and the files with the least of it."""
import collections
import json
import sys

LEAST = 15  # files that are named
SHORT = 20  # lines; below them a file is not worth naming


def folder_of(path):
    """A layer of the library, a part of a back end, a program."""
    parts = path.split("/")
    if parts[0] == "apps":
        return "/".join(parts[:2])
    if parts[2] == "backend" and len(parts) > 4:
        return "/".join(parts[2:4])
    return parts[2]


def row(name, lines, covered):
    return f"{name:<28}{lines:>8}{covered:>9}{100 * covered / max(lines, 1):>8.1f} %"


def main():
    files = json.load(open(sys.argv[1]))["files"]
    totals = collections.defaultdict(lambda: [0, 0])
    for file in files:
        for name in (folder_of(file["filename"]), "all"):
            totals[name][0] += file["line_total"]
            totals[name][1] += file["line_covered"]
    print(f"{'folder':<28}{'lines':>8}{'covered':>9}")
    for name in sorted(totals, key=lambda name: (name == "all", name)):
        print(row(name, *totals[name]))
    print("\nleast covered")
    long = [file for file in files if file["line_total"] >= SHORT]
    for file in sorted(long, key=lambda file: file["line_covered"] / file["line_total"])[:LEAST]:
        print(row(file["filename"].removeprefix("src/weir/"), file["line_total"], file["line_covered"]))
    return 0 if files else 1


if __name__ == "__main__":
    sys.exit(main())
