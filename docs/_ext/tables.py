# SPDX-License-Identifier: Apache-2.0
"""Tables of the manual, made from the tables of the source.

The names, kinds and ranges come from ``src/include/tables/*.def``, the defaults and values from the package itself;
what a name means stands in ``docs/_tables/*.txt``. A name without a meaning is a warning, and so an error of the build;
tests/test_tables.py finds a meaning without its name.
"""

from __future__ import annotations

import pathlib
import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import make_id

import aerospike
from aerospike import embedded

logger = logging.getLogger(__name__)
DOCS = pathlib.Path(__file__).parents[1]
SOURCES = DOCS.parent / "src" / "include" / "tables"
LIMITS = {"UINT32_MAX": 2**32 - 1, "INT32_MAX": 2**31 - 1, "INT64_MAX": 2**63 - 1, "UINT16_MAX": 2**16 - 1}


# ---- reading ----


@cache
def meanings(name: str) -> dict[str, str]:
    """``docs/_tables/NAME.txt``: a key at the start of a line, its meaning after it; longer ones go on, indented."""
    found: dict[str, str] = {}
    key = ""
    for line in (DOCS / "_tables" / f"{name}.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        if line[0] != " ":
            key, _, line = line.partition(" ")
            found[key] = ""
        found[key] = f"{found[key]} {line.strip()}".strip()
    return found


def source(name: str) -> str:
    text = (SOURCES / f"{name}.def").read_text()
    return re.sub(r"//.*", "", text).replace("\\\n", " ")


class Field(NamedTuple):
    """A row of policies.def; an alias has its successor as kind."""

    key: str
    kind: str
    least: str = ""
    most: str = ""


@cache
def policies() -> dict[str, list[Field]]:
    """``{"read": [Field, ...], ...}``, with the macros of policies.def put in."""
    text = source("policies")
    macros = dict(re.findall(r"^#define (\w+)\s+(.*)$", text, re.M))
    text = re.sub(r"^#define.*$", "", text, flags=re.M)
    pattern = re.compile(r"\b(" + "|".join(macros) + r")\b(?!\")")
    found: dict[str, list[Field]] = {}
    for name, body in re.findall(r"POLICY\(\w+, \w+, (\w+)\)(.*?)\bEND\b", text, re.S):
        fields = []
        for row in rows_of(body, pattern, macros):
            kind, arguments = row
            if kind == "ALIAS":
                fields.append(Field(arguments[0], arguments[1]))
            else:
                fields.append(Field(arguments[0], arguments[2], arguments[3], arguments[4]))
        found[name] = fields
    return found


def rows_of(body: str, macros_pattern: re.Pattern[str], macros: dict[str, str]) -> list[tuple[str, list[str]]]:
    """The FIELD and ALIAS rows of a policy, in order; a macro stands for its rows."""
    rows = []
    for token in re.finditer(r"(FIELD|ALIAS)\(([^)]*)\)|(\w+)", body):
        if token[1]:
            rows.append((token[1], [part.strip().strip('"') for part in token[2].split(",")]))
        elif macros_pattern.fullmatch(token[3]):
            rows += rows_of(macros[token[3]], macros_pattern, macros)
    return rows


@cache
def defaults() -> dict[str, dict[str, Any]]:
    """What get_policies() of a client without policies says."""
    with embedded.Server() as server, aerospike.client(server.config) as client:
        return client.get_policies()


@cache
def constants() -> dict[str, Any]:
    return {name: getattr(aerospike, name) for name in dir(aerospike) if re.fullmatch(r"[A-Z][A-Z0-9_]+", name)}


def enum_prefix(field: Field) -> str:
    """``POLICY_KEY_`` for a field whose values are the constants ``POLICY_KEY_*``."""
    name = field.least.removeprefix("AS_")
    for known in ("POLICY_READ_MODE_AP_", "POLICY_READ_MODE_SC_", "POLICY_COMMIT_LEVEL_", "QUERY_DURATION_"):
        if name.startswith(known):
            return known
    return name.rpartition("_")[0] + "_"


# ---- what the cells say ----


def type_text(field: Field) -> str:
    match field.kind:
        case "FLAG":
            return "bool"
        case "ENUM":
            return f":ref:`constant <const-{enum_prefix(field)}>`"
        case "TTL":
            return "int or :ref:`constant <const-TTL_>`"
        case "FILTER":
            return ":doc:`filter </expressions/index>`"
        case "TXN":
            return "None"
        case "PLAN":
            return "dict"
    return f"int {range_text(field)}".strip()


def range_text(field: Field) -> str:
    if field.most in LIMITS:
        return "" if field.least == "0" else f"from {field.least}"
    return f"{field.least} to {getattr(aerospike, field.most.removeprefix('AS_'), field.most)}"


def default_text(policy: str, field: Field) -> str:
    if field.kind in ("FILTER", "TXN", "PLAN"):
        return "none"
    value = defaults()[policy][field.key]
    if field.kind in ("ENUM", "TTL"):
        prefix = enum_prefix(field) if field.kind == "ENUM" else "TTL_NAMESPACE_"
        for name, number in constants().items():
            if name.startswith(prefix) and number == value:
                return f":data:`~aerospike.{name}`"
    return f"``{value}``"


def listing(rows: Sequence[tuple[str, ...]], head: tuple[str, ...], widths: str) -> list[str]:
    """A list-table as lines of reStructuredText."""
    lines = [".. list-table::", "   :header-rows: 1", f"   :widths: {widths}", "   :class: reference", ""]
    for row in [head, *rows]:
        for i, cell in enumerate(row):
            lines.append(f"   {'* -' if i == 0 else '  -'} {cell}")
    return [*lines, ""]


class TableDirective(SphinxDirective):
    """Write reStructuredText and let Sphinx read it."""

    required_arguments = 1
    final_argument_whitespace = True

    def lines(self) -> list[str]:
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(DOCS / "_tables"))
        box = nodes.container()
        self.state.nested_parse(StringList(self.lines(), source=self.get_location()), self.content_offset, box)
        return box.children

    def meaning(self, table: str, *keys: str) -> str:
        for key in keys:
            if key in meanings(table):
                return meanings(table)[key]
        logger.warning("docs/_tables/%s.txt says nothing about %s", table, keys[-1], location=self.get_location())
        return ""


class PolicyTable(TableDirective):
    """``.. policy-table:: read``"""

    def lines(self) -> list[str]:
        policy = self.arguments[0]
        rows, old = [], []
        for field in policies()[policy]:
            if field.kind.islower():  # an alias: the kind is its successor
                old.append(f"``{field.key}`` for ``{field.kind}``")
                continue
            meaning = self.meaning("policies", f"{policy}.{field.key}", field.key)
            key = f":indexed:`{field.key} (key of policies); {policy}`"
            rows.append((key, type_text(field), default_text(policy, field), meaning))
        note = [f"Spellings of 2015 that work, and warn once: {', '.join(old)}.", ""] if old else []
        return listing(rows, ("Key", "Values", "Default", "Meaning"), "21 11 26 42") + note


class ConfigTable(TableDirective):
    """``.. config-table:: config``, ``tls``, ``shm`` or ``lua``: the rows of config.def"""

    def keys(self) -> list[str]:
        row = {"config": r"CONFIG_\w+", "tls": r"TLS_\w+", "shm": r"SHM_\w+", "lua": r"LUA_\w+"}[self.arguments[0]]
        order = list(meanings("config"))
        keys = re.findall(rf'^{row}\("(\w+)"', source("config"), re.M)
        return sorted(keys, key=lambda key: order.index(name) if (name := self.name_of(key)) in order else -1)

    def name_of(self, key: str) -> str:
        where = self.arguments[0]
        return key if where == "config" else f"{where}.{key}"

    def lines(self) -> list[str]:
        rows = []
        for key in self.keys():
            text = self.meaning("config", self.name_of(key))
            kind, default, meaning = [*text.split(" | ", 2), "", ""][:3]
            *where, name = self.name_of(key).split(".")
            entry = "; ".join([f"{name} (key of the configuration)", *where])
            rows.append((f":indexed:`{entry}`", kind, default, meaning))
        return listing(rows, ("Key", "Values", "Default", "Meaning"), "22 20 16 42")


@cache
def operations() -> dict[str, str]:
    """``{"OP_LIST_APPEND": "list_append", ...}`` of operations.def."""
    return dict(re.findall(r"^OPERATION\((\w+),\s*\w+,\s*(\w+)", source("operations"), re.M))


class Constants(TableDirective):
    """``.. constants:: POLICY_KEY_``: all constants whose names begin so, or that are named"""

    def names(self) -> list[str]:
        found = []
        for word in self.arguments[0].split():
            if word.endswith("_"):
                found += [name for name in constants() if name.startswith(word)]
            else:
                found.append(word)
        return sorted(found, key=lambda name: (str(type(constants()[name])), constants()[name]))

    def lines(self) -> list[str]:
        rows = []
        for name in self.names():
            if name.startswith("OP_"):
                meaning = f"``{operations()[name]}``" if name in operations() else "A name without an operation."
            else:
                meaning = self.meaning("constants", name)
            rows.append((f":constant:`{name}`", f"``{constants()[name]!r}``", meaning))
        return listing(rows, ("Name", "Value", "Meaning"), "44 16 40")


class IndexedRole(SphinxRole):
    """A name, ``:indexed:`name (what it is)```, and its entry in the index."""

    def indexed(self, entry: str, term: str) -> list[nodes.Node]:
        name = entry.split()[0]
        target = make_id(self.env, self.inliner.document, "", term)
        index = addnodes.index(entries=[("single", entry, target, "", None)])
        return [index, nodes.literal(name, name, ids=[target])]

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return self.indexed(self.text, self.text), []


class ConstantRole(IndexedRole):
    """The place in the manual where a constant is defined."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name = f"aerospike.{self.text}"
        index, literal = self.indexed(f"{self.text} (in module aerospike)", name)
        self.env.domains.python_domain.note_object(name, "data", literal["ids"][0], location=literal)
        return [index, literal], []


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("policy-table", PolicyTable)
    app.add_directive("config-table", ConfigTable)
    app.add_directive("constants", Constants)
    app.add_role("constant", ConstantRole())
    app.add_role("indexed", IndexedRole())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
