#!/usr/bin/env python3
"""Holds what Weir's own files say against the schema that `weir check --schema` prints: examples,
test pipelines, the blocks of the docs, and what `weir init` writes."""
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}; setup/system.sh test installs it")
    sys.exit(77)


class Loader(yaml.SafeLoader):
    """YAML 1.2, where `on` is a word."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool" or first in "tfTF"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def field(number, value):
    """A field of a protobuf message: a small number, or bytes."""
    if isinstance(value, int):
        return bytes([number << 3, value])
    return bytes([number << 3 | 2, len(value)]) + value


def tiny_onnx():
    """y = x, three numbers."""
    tensor = field(1, 1) + field(2, field(1, field(1, 1)) + field(1, field(1, 3)))
    info = field(2, field(1, tensor))
    node = field(1, b"x") + field(2, b"y") + field(4, b"Identity")
    graph = (field(1, node) + field(2, b"g") + field(11, field(1, b"x") + info) +
             field(12, field(1, b"y") + info))
    return field(1, 8) + field(7, graph) + field(8, field(2, 13))


def blocks_of(page):
    """The YAML blocks of a page, by the line where they begin."""
    begin, lines = 0, []
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if not line.startswith("```"):
            lines.append(line)
        elif begin == 0:
            begin, lines = (number if line == "```yaml" else -1), []
        else:
            if begin > 0:
                yield f"{page}:{begin}", "\n".join(lines)
            begin = 0


def files_of(root):
    for pattern in ("examples/**/*.yaml", "tests/pipelines/*.yaml"):
        for file in sorted(root.glob(pattern)):
            yield str(file), file.read_text()


def written_by_init(weir, root, folder):
    folder = pathlib.Path(folder)
    (folder / "model.onnx").write_bytes(tiny_onnx())
    real = root / "../shared/assets/models/detection/yolox_nano_416.onnx"
    for model in (folder / "model.onnx", root / "tests/cli/files/doubler.fake", real):
        if model.exists():
            yield f"weir init {model}", subprocess.run(
                [weir, "init", str(model)], check=True, capture_output=True, text=True).stdout
    subprocess.run([weir, "init", "pipeline", "-o", str(folder / "street.yaml")], check=True,
                   capture_output=True)
    for file in ("street.yaml", "defaults.yaml"):
        yield f"weir init pipeline: {file}", (folder / file).read_text()


class Validators:
    def __init__(self, schema):
        model = {"$defs": schema["$defs"], "$ref": "#/$defs/model"}
        self.by_kind = {"pipeline": jsonschema.Draft202012Validator(schema),
                        "model": jsonschema.Draft202012Validator(model)}
        self.keys = set(schema["properties"])
        self.counts = {"pipeline": 0, "model": 0, "other": 0}

    def kind_of(self, document):
        """What a document is; "other" is neither: an entry of a catalogue, an overlay."""
        if {"file", "use", "components"} & set(document):
            return "model"
        if set(document) <= self.keys and not any(value is None for value in document.values()):
            return "pipeline"
        return "other"

    def faults(self, name, text):
        document = yaml.load(text, Loader)
        kind = self.kind_of(document)
        self.counts[kind] += 1
        if kind == "other":
            return []
        return [f"{name}: {error.json_path}: {error.message}"
                for error in self.by_kind[kind].iter_errors(document)]


def main():
    weir, root = sys.argv[1], pathlib.Path(sys.argv[2])
    validators = Validators(json.loads(subprocess.run(
        [weir, "check", "--schema"], check=True, capture_output=True, text=True).stdout))
    with tempfile.TemporaryDirectory() as folder:
        texts = [*files_of(root), *written_by_init(weir, root, folder)]
    faults = [fault for text in texts for fault in validators.faults(*text)]
    if validators.counts["other"] > 0:
        faults.append("a file is neither a pipeline nor a model")
    for page in (root / "README.md", *sorted(root.glob("docs/*.md"))):
        faults += [fault for block in blocks_of(page) for fault in validators.faults(*block)]
    # A schema that takes anything would be of no use.
    for kind, wrong in (("pipeline", {"steps": {"a": {"modle": "m"}}}), ("model", {"famly": "m"})):
        if not list(validators.by_kind[kind].iter_errors(wrong)):
            faults.append(f"the schema of a {kind} takes a key that is not there")
    counts = validators.counts
    if counts["pipeline"] < 20 or counts["model"] < 4 or counts["other"] > 2:
        faults.append(f"other documents than there should be: {counts}")
    print("\n".join(faults) or f"{counts['pipeline']} pipelines and {counts['model']} models fit")
    return 1 if faults else 0


sys.exit(main())
