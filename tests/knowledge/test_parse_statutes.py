"""Real statutes, rebuilt from their articles: every article, paragraph and item has its section path."""

import gzip
import json
from functools import cache

import pytest

from knowledge.parse import ParsedDocument, parse_document
from tests import shared_folder

SHARED = shared_folder()
pytestmark = pytest.mark.skipif(SHARED is None, reason="needs the material beside the checkout")
STATUTES = ("行政处罚法", "行政强制法", "优化营商环境条例", "个人信息保护法", "行政诉讼法")


@cache
def articles() -> dict[str, list[dict[str, str]]]:
    assert SHARED is not None
    found: dict[str, list[dict[str, str]]] = {name: [] for name in STATUTES}
    with gzip.open(SHARED / "training" / "laws_articles.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            if any(name in line[:60] for name in STATUTES):
                row = json.loads(line)
                name = row["law"].removeprefix("中华人民共和国")
                if name in found:
                    found[name].append(row)
    return found


def printed(name: str, separator: str = "　", width: int = 0) -> str:
    """The statute as it is printed: title, chapters, articles; broken into lines of ``width``."""
    lines: list[str] = [name]
    for row in articles()[name]:
        lines += [chapter for chapter in row["path"].split() if chapter not in lines]
        lines += (row["no"] + separator + row["text"]).split("\n")
    if width:
        lines = [("　　" + line)[at : at + width] for line in lines for at in range(0, len(line) + 2, width)]
    return "\n".join(lines)


def bare(text: str) -> str:
    return "".join(text.split())


def article_text(document: ParsedDocument, number: str) -> str:
    return bare("".join(c.text for c in document.clauses if c.section.split("/")[0] == number))


@pytest.mark.parametrize("name", STATUTES)
@pytest.mark.parametrize(("separator", "width"), [("　", 0), ("", 0), ("　", 30)])
def test_every_article_is_found_with_its_whole_text(name, separator, width):
    rows = articles()[name]
    assert len(rows) > 60
    document = parse_document(printed(name, separator, width).encode(), "statute.txt")
    assert document.kind == "statute"
    assert [
        row["no"] for row in rows if article_text(document, row["no"]) != bare(row["no"] + row["text"])
    ] == []


def test_paragraphs_and_items_of_the_penalty_law_have_their_paths():
    document = parse_document(printed("行政处罚法").encode(), "apl.txt")
    clauses = {clause.section: clause for clause in document.clauses}
    assert "第三十三条/第一款" in clauses
    assert "第三十三条/第三款" in clauses
    assert "第三十三条/第四款" not in clauses
    assert "第三十二条/（一）" in clauses
    assert "第三十二条/第一款" not in clauses
    assert "第三十四条/第一款" not in clauses
    assert clauses["第三十二条"].text.endswith("：")
    assert clauses["第三十三条"].chapter == "第四章"
