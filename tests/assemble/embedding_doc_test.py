"""Every C++ block of docs/embedding.md stands, line for line, in one of the example programs."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
text = (root / "docs/embedding.md").read_text()
programs = [p.read_text() for p in sorted((root / "examples/assemble").glob("*.cc"))]
blocks = re.findall(r"```cpp\n(.*?)```", text, re.S)
missing = [b for b in blocks if not any(b in p for p in programs)]
for block in missing:
    print("in no example:\n" + block)
if not blocks:
    print("no block was found")
sys.exit(1 if missing or not blocks else 0)
