#!/usr/bin/env python3
"""Reads every #include of the tree and fails on one that points the wrong way.

The table is that of docs/architecture.md: who may include whom; all may include base.
"""
import pathlib
import re
import sys

MAY_INCLUDE = {
    "base": "",
    "config": "",
    "data": "",
    "graph": "",
    "media": "data",
    "ops": "data",
    "backend": "data",
    "catalogue": "config",
    "model": "ops backend graph config data",
    "flow": "",  # and the two headers below
    "step": "flow model ops config data",
    "source": "flow media ops config data",
    "sink": "media ops config data",
    "assemble": "config data graph media ops backend model catalogue flow step source sink",
}
SINGLE_HEADERS = {"flow": {"weir/data/step_set.h", "weir/data/outcome.h"}}
# Outside src/weir: folder -> the layers that it may see.
EVERYTHING = " ".join(MAY_INCLUDE)
OUTSIDE = {"apps": EVERYTHING, "tools": EVERYTHING, "tests": EVERYTHING, "bench": EVERYTHING,
           "plugins": "backend data"}
# What a layer hides: no other room may name these headers.
HIDDEN = {
    r"yaml-cpp/": {"config"},
    r"(onnxruntime|core/session)": {"backend"},
    r"openvino/": {"backend"},
    r"opencv2/": {"media"},
    r"ft2build|freetype/": {"ops"},
    r"libav|libsw": {"media"},
    r"spdlog/|fmt/": {"base"},
    r"hwy/": {"ops", "base"},
    r"zlib\.h": {"catalogue"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def layer_of(path):
    parts = path.parts
    if parts[:2] == ("src", "weir"):
        return parts[2]
    return parts[0]


def allowed(layer, header):
    target = header.split("/")[1]
    if target in ("base", layer):
        return True
    if header in SINGLE_HEADERS.get(layer, ()):
        return True
    return target in (MAY_INCLUDE.get(layer) or OUTSIDE.get(layer) or "").split()


def faults_of(path, text):
    layer = layer_of(path)
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        header = match.group(1)
        place = f"{path}:{number}"
        if header.startswith("weir/"):
            if layer != "examples" and not allowed(layer, header):
                yield f"{place}: {layer} may not include {header}"
        elif path.parts[0] == "src":
            for pattern, owners in HIDDEN.items():
                if re.match(pattern, header) and layer not in owners:
                    yield f"{place}: {header} is hidden in {', '.join(sorted(owners))}"


def private_headers(root):
    """Examples and installed headers see what is installed: the HEADERS of each layer."""
    public = set()
    for lists in root.glob("src/weir/*/CMakeLists.txt"):
        text = re.sub(r"#.*", "", lists.read_text())
        for block in re.findall(r"\n\s+HEADERS\s+(.*?)(?=\n\s+[A-Z_]+\s|\))", text, re.S):
            public |= {f"weir/{lists.parent.name}/{name}" for name in block.split()}
    headers = [path for path in (root / "src" / name for name in sorted(public)) if path.exists()]
    for path in [*root.glob("examples/**/*.cc"), *headers]:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if match and match.group(1).startswith("weir/") and match.group(1) not in public:
                yield f"{path.relative_to(root)}:{number}: {match.group(1)} is not a public header"


def check(root):
    for folder in ["src", *OUTSIDE, "examples"]:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cc"):
                yield from faults_of(path.relative_to(root), path.read_text())
    yield from private_headers(root)


def self_test():
    wrong = [("src/weir/flow/a.cc", "weir/model/spec.h"), ("src/weir/flow/a.cc", "weir/data/tensor.h"),
             ("src/weir/base/a.h", "weir/data/tensor.h"), ("src/weir/model/a.cc", "yaml-cpp/yaml.h"),
             ("plugins/x/a.cc", "weir/model/spec.h")]
    right = [("src/weir/flow/a.cc", "weir/data/step_set.h"), ("src/weir/model/a.cc", "weir/ops/nms.h"),
             ("src/weir/flow/a.cc", "weir/base/clock.h"), ("apps/cli/a.cc", "weir/flow/core.h")]
    for file, header in wrong:
        assert list(faults_of(pathlib.Path(file), f'#include "{header}"')), (file, header)
    for file, header in right:
        assert not list(faults_of(pathlib.Path(file), f'#include "{header}"')), (file, header)


def main():
    if "--self-test" in sys.argv:
        self_test()
        return 0
    faults = list(check(pathlib.Path(sys.argv[1])))
    print("\n".join(faults) or "all includes point downwards")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
