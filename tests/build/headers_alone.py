#!/usr/bin/env python3
"""Compiles every header of src/weir and apps by itself, in the flags of its layer or program.

A header that passed is not compiled again until it, or anything it might include, is newer: a
stamp in the build folder remembers.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys


def flags_of_rooms(source, build):
    """"src/weir/flow", "apps/cli" -> the compiler and its flags, taken from one of its sources."""
    flags = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        match = re.match(re.escape(str(source)) + r"/(src/weir/[a-z]+|apps/[a-z]+)/", entry["file"])
        if not match or match.group(1) in flags:
            continue
        words = shlex.split(entry["command"])
        if "ccache" in os.path.basename(words[0]):
            words = words[1:]
        cut = words.index("-o")
        flags[match.group(1)] = words[:cut]
    return flags


def compile_alone(header, command):
    text = f'#include "{header}"\n#include "{header}"\n'  # twice: the guard is tested too
    done = subprocess.run([*command, "-fsyntax-only", "-x", "c++", "-"], input=text, text=True,
                          capture_output=True)
    return header, done.returncode, done.stderr


def main():
    source, build = map(pathlib.Path, sys.argv[1:3])
    # What ends in -inl.h is a part of one .cc, which includes it once for each set of instructions.
    headers = sorted(header for folder in ("src/weir", "apps")
                     for header in (source / folder).rglob("*.h")
                     if not header.name.endswith("-inl.h"))
    newest = max(path.stat().st_mtime for path in headers)
    stamp = build / "headers_alone.stamp"
    if stamp.exists() and stamp.stat().st_mtime > newest:
        print("no header changed")
        return 0
    flags = flags_of_rooms(source, build)
    jobs = []
    for header in headers:
        place = header.relative_to(source)
        parts = place.parts
        room = "/".join(parts[:3] if parts[0] == "src" else parts[:2])
        if room not in flags or not in_this_build(parts[3 if parts[0] == "src" else 2], build):
            continue
        jobs.append((str(place.relative_to("src") if parts[0] == "src" else place), flags[room]))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for header, code, output in pool.map(lambda job: compile_alone(*job), jobs):
            if code:
                failed += 1
                print(f"{header} does not compile alone:\n{output}")
    print(f"{len(jobs) - failed} of {len(jobs)} headers compile alone")
    if not failed:
        stamp.touch()
    return 1 if failed or not jobs else 0


def in_this_build(folder, build):
    """A back end that is switched off has no flags to compile its headers with."""
    option = {"onnxruntime": "WEIR_WITH_ONNXRUNTIME", "openvino": "WEIR_WITH_OPENVINO"}.get(folder)
    cache = (build / "CMakeCache.txt").read_text()
    return option is None or f"{option}:BOOL=ON" in cache or f"{option}:UNINITIALIZED=ON" in cache


if __name__ == "__main__":
    sys.exit(main())
