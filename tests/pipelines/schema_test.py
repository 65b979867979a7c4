#!/usr/bin/env python3
"""Holds every example pipeline against the schema that `weir check --schema` prints."""
import json
import pathlib
import subprocess
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)


class Loader(yaml.SafeLoader):
    """YAML 1.2, where `on` is a word."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool" or first in "tfTF"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def main():
    weir, root = sys.argv[1], pathlib.Path(sys.argv[2])
    schema = json.loads(subprocess.run([weir, "check", "--schema"], check=True,
                                       capture_output=True, text=True).stdout)
    validator = jsonschema.Draft202012Validator(schema)
    files = sorted([*root.glob("examples/pipelines/*.yaml"), *root.glob("tests/pipelines/*.yaml")])
    faults = [f"{file}: {error.json_path}: {error.message}" for file in files
              for error in validator.iter_errors(yaml.load(file.read_text(), Loader))]
    # A schema that takes anything would be of no use.
    if not list(validator.iter_errors({"steps": {"a": {"modle": "m"}}})):
        faults.append("the schema takes a key that is not there")
    print("\n".join(faults) or f"{len(files)} files fit")
    return 1 if faults or not files else 0


sys.exit(main())
