"""The duties page: every number once, three states, and every page, file and test that it names is there."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound

from portal import create_app
from portal.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "duties.md").read_text("utf-8")
STATES = {"done", "in part", "not here"}
_NAMED = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(r"[\w./-]+\.(?:py|json|md|html)")
_PLACEHOLDER = re.compile(r"<[a-z_]+>")


def rows(first: str) -> list[list[str]]:
    """The cells of every row of a table whose first cell is ``first``."""
    lines = [line.strip().strip("|").split("|") for line in TEXT.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line] for line in lines]
    return [line for line in cells if re.fullmatch(first, line[0])]


def named() -> list[str]:
    return sorted(set(_NAMED.findall(TEXT)))


def of_tests() -> list[str]:
    return [name for name in named() if "::" in name]


def files() -> list[str]:
    return [name for name in named() if "::" not in name and _FILE.fullmatch(name) and name[0] != "/"]


def addresses() -> list[str]:
    return [name for name in named() if name.startswith("/")]


@cache
def functions_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(Settings.from_env({"ROUWEN_DATA": str(tmp_path_factory.mktemp("duties"))}))


def test_every_duty_stands_there_once():
    assert Counter(row[0] for row in rows(r"R\d+")) == Counter(f"R{n:02}" for n in range(1, 91))


def test_every_duty_has_one_of_three_states_and_says_where():
    odd = [row for row in rows(r"R\d+") if len(row) != 4 or row[2] not in STATES or not all(row)]
    assert odd == []


def test_what_is_there_is_named_and_what_is_in_part_says_what_is_missing():
    told = {row[0]: (row[2], row[3]) for row in rows(r"R\d+")}
    assert [n for n, (state, where) in told.items() if state != "not here" and "`" not in where] == []
    parts = {n: where for n, (state, where) in told.items() if state == "in part"}
    assert [n for n, where in parts.items() if not re.search(r"Missing: |By design ", where)] == []
    assert [n for n, (state, where) in told.items() if state == "done" and "Missing: " in where] == []


@pytest.mark.parametrize("name", files())
def test_every_file_that_is_named_is_there(name: str):
    assert (ROOT / name).is_file()


@pytest.mark.parametrize("name", of_tests())
def test_every_test_that_is_named_is_there(name: str):
    path, _, function = name.partition("::")
    assert path.startswith("tests/")
    assert function in functions_of(ROOT / path)


@pytest.mark.parametrize("address", addresses())
def test_every_page_that_is_named_is_there(app: Flask, address: str):
    """What is in angle brackets stands for a number or a name."""
    try:
        app.url_map.bind("").match(_PLACEHOLDER.sub("1", address))
    except MethodNotAllowed:
        return
    except NotFound:
        pytest.fail(f"no page at {address}")


def test_every_topic_and_document_that_is_named_ships():
    topics = json.loads((ROOT / "knowledge/sources/topics.json").read_text("utf-8"))
    known = {topic["id"] for topic in topics}
    ships = {path.stem for path in (ROOT / "knowledge/sources").glob("*/*.json")}
    found = [re.fullmatch(r"/library/(topics/)?([\w-]+)", address) for address in addresses()]
    pages = [(page[1], page[2]) for page in found if page and page[2] != "topics"]
    assert [page for kind, page in pages if page not in (known if kind else ships)] == []


def test_the_twelve_statements_are_numbered_and_their_rules_are_those_of_the_assistant():
    table = rows(r"\d+")
    assert [row[0] for row in table] == [str(n) for n in range(1, 13)]
    data = json.loads((ROOT / "bot/wording/forbidden.json").read_text("utf-8"))
    rules = {statement["name"] for statement in data["statements"]}
    assert {rule for row in table for rule in _NAMED.findall(row[2])} == rules
