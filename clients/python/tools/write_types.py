"""Writes the TypedDicts of specs and answers from the service's own OpenAPI document.

    python tools/write_types.py http://127.0.0.1:4000

A test compares what this gives with what lies in ``src/holdfast``, so neither can drift from the service.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
import urllib.request
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple, cast

Schema = Dict[str, Any]

SPECS = ("BacktestSpec", "SweepSpec", "ScheduleSpec")
ANSWERS = (
    "Run RunSummary Result Batch Sweep SweepSummary SweepResult Schedule Night StrategyInfo SourceInfo SymbolInfo "
    "StatusEvent ProgressEvent EquityEvent DoneEvent Problem"
).split()
#: Answers that have no name in the document: where they stand, and what they are called here.
UNNAMED = {
    "Estimate": ("/v1/backtests/estimate", "post", "200"),
    "SweepEstimate": ("/v1/sweeps/estimate", "post", "200"),
    "Heatmap": ("/v1/sweeps/{id}/heatmap", "get", "200"),
    "BestTrials": ("/v1/sweeps/{id}/best", "get", "200"),
    "Upload": ("/v1/datasets", "post", "201"),
    "Account": ("/v1/me", "get", "200"),
}
PRIMITIVES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


class Writer:
    """Collects the TypedDicts that some schemas need, each shape once."""

    def __init__(self, components: Dict[str, Schema], suffix: str) -> None:
        self.components = components
        self.suffix = suffix
        self.shapes: Dict[str, Schema] = {}
        self.texts: Dict[str, str] = {}

    def add(self, name: str, schema: Schema) -> None:
        """Writes a schema under a name of its own."""
        if name not in self.shapes:
            self.shapes[name] = schema
            self.texts[name] = ""  # keeps the place: a schema stands before what it is made of
            self.texts[name] = self.dict_of(name, schema)

    def type_of(self, schema: Schema, name: str, parent: str) -> str:
        """The Python type of a value; ``name`` is for a dict that has none yet."""
        if "$ref" in schema:
            component = str(schema["$ref"]).rsplit("/", 1)[-1]
            own = component[: len(component) - len(self.suffix)]
            self.add(own, self.components[component])
            return own
        members = schema.get("anyOf", schema.get("oneOf"))
        if members is not None:
            dicts = sum(1 for each in members if each.get("properties"))
            told = [self.member_name(each, name) if dicts > 1 else name for each in members]
            return " | ".join(unique([self.type_of(each, called, parent) for each, called in zip(members, told)]))
        if "const" in schema:
            return f"Literal[{schema['const']!r}]"
        if "enum" in schema:
            return f"Literal[{', '.join(map(repr, schema['enum']))}]"
        kind: Any = schema.get("type")
        if isinstance(kind, list):
            kinds = cast("List[str]", kind)
            return " | ".join(unique([PRIMITIVES[each] for each in kinds]))
        if kind == "array":
            return f"List[{self.type_of(schema.get('items', {}), singular(name), parent)}]"
        if kind == "object":
            return self.object_type(schema, name, parent)
        return PRIMITIVES.get(str(kind), "Any")

    def object_type(self, schema: Schema, name: str, parent: str) -> str:
        if schema.get("properties"):
            own = self.name_for(schema, name, parent)
            self.add(own, schema)
            return own
        values: Any = schema.get("additionalProperties")
        if not isinstance(values, dict):
            return "Dict[str, Any]"
        return f"Dict[str, {self.type_of(cast('Schema', values), singular(name), parent)}]"

    def name_for(self, schema: Schema, name: str, parent: str) -> str:
        """The short name, unless another shape has it."""
        taken = self.shapes.get(name)
        return name if taken is None or taken == schema else parent + name

    def member_name(self, schema: Schema, name: str) -> str:
        """Of several dicts that may stand in one place: what tells them apart."""
        properties: Dict[str, Schema] = schema.get("properties", {})
        for told in ("kind", "type"):
            if "const" in properties.get(told, {}):
                return pascal(str(properties[told]["const"])) + name
        first: Optional[str] = next(iter(properties), None)
        return name if first is None else name + pascal(first)

    def dict_of(self, name: str, schema: Schema) -> str:
        required = schema.get("required", [])
        properties: Dict[str, Schema] = schema["properties"]
        fields: List[Tuple[str, str, str]] = []
        for key, value in properties.items():
            own = self.type_of(value, pascal(key), name)
            fields.append((key, own if key in required else f"NotRequired[{own}]", value.get("description", "")))
        if all(key.isidentifier() and not keyword.iskeyword(key) for key in properties):
            return class_text(name, schema, fields)
        return call_text(name, fields)


def class_text(name: str, schema: Schema, fields: List[Tuple[str, str, str]]) -> str:
    lines = [f"class {name}(TypedDict):"]
    if schema.get("description"):
        lines += [f"    {doc(schema['description'])}", ""]
    for key, own, description in fields:
        lines.append(f"    {key}: {own}")
        lines += [f"    {doc(description)}"] if description else []
    return "\n".join(lines)


def call_text(name: str, fields: List[Tuple[str, str, str]]) -> str:
    """A name such as ``from`` cannot be that of an attribute."""
    lines = [f"{name} = TypedDict(", f'    "{name}",', "    {"]
    for key, own, description in fields:
        lines += [f"        # {' '.join(description.split())}"] if description else []
        lines.append(f'        "{key}": {json.dumps(own)},')
    return "\n".join([*lines, "    },", ")"])


def doc(text: str) -> str:
    plain = " ".join(text.split()).replace("\\", "\\\\").replace('"""', "'''")
    return f'"""{plain} """' if plain.endswith('"') else f'"""{plain}"""'


def pascal(key: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", key))


def singular(name: str) -> str:
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


def unique(parts: List[str]) -> List[str]:
    return list(dict.fromkeys(part for each in parts for part in each.split(" | ")))


HEADER = '''"""{title}

Written by tools/write_types.py from the OpenAPI document of the service: change it there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Literal, TypedDict

if TYPE_CHECKING:
    from typing_extensions import NotRequired
'''


def module_of(title: str, writer: Writer) -> str:
    body = "\n\n\n".join(writer.texts.values())
    header = HEADER.format(title=title)
    unused = [name for name in ("Any", "Dict", "List", "Literal") if not re.search(rf"\b{name}\b", body)]
    for name in unused:
        header = header.replace(f" {name},", "")
    return f"{header}\n\n{body}\n"


def written(document: Schema) -> Dict[str, str]:
    """The text of each module, by its file name."""
    components: Dict[str, Schema] = document["components"]["schemas"]
    specs = Writer(components, "Input")
    for name in SPECS:
        specs.add(name, components[f"{name}Input"])
    answers = Writer(components, "")
    for name in ANSWERS:
        answers.add(name, components[name])
    for name, (path, method, status) in UNNAMED.items():
        answers.add(name, document["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"])
    return {
        "specs.py": module_of("What can be submitted.", specs),
        "answers.py": module_of("What the service answers.", answers),
    }


def main(url: str) -> None:
    with urllib.request.urlopen(f"{url}/openapi.json") as answer:
        document = json.load(answer)
    package = Path(__file__).resolve().parent.parent / "src" / "holdfast"
    for name, text in written(document).items():
        (package / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:4000")
