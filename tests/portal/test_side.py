"""Two replies side by side: what differs is marked on the side that has it."""

from __future__ import annotations

from typing import Any

from portal.chat.side import alone, beside, same

CLAUSE = {"number": 1, "document": "zhanhe", "section": "二/3", "text": "可以撤回。"}
OTHER = {"number": 2, "document": "zhanhe", "section": "二/4", "text": "应当记录。"}


def reply(answer: str, *citations: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"status": "answered", "answer": answer, "citations": list(citations), "verdict": None, **more}


def said(side: Any) -> list[list[tuple[str, str]]]:
    return [[(s.kind, s.text or f"[{s.number}]") for s in line] for line in side.lines]


def test_a_reply_alone_has_its_lines_and_marks_and_no_difference():
    side = alone(reply("可以撤回[1]。\n\n机关应当准许[9]。", CLAUSE))
    assert said(side) == [
        [("same", "可以撤回"), ("same", "[1]"), ("same", "。")],
        [("same", "机关应当准许[9]。")],
    ]
    assert [c.kind for c in side.cited] == ["same"]
    assert same(side, side)


def test_words_that_came_and_went_stand_each_on_its_own_side():
    before, after = beside(reply("可以撤回。"), reply("可以随时撤回。"))
    assert said(before) == [[("same", "可以"), ("same", "撤回。")]]
    assert said(after) == [[("same", "可以"), ("new", "随时"), ("same", "撤回。")]]
    assert not same(before, after)


def test_a_mark_differs_only_where_it_names_another_clause():
    again = {**CLAUSE, "number": 2}
    before, after = beside(reply("可以[1]。", CLAUSE), reply("可以[2]。", {**OTHER, "number": 1}, again))
    assert said(before) == [[("same", "可以"), ("same", "[1]"), ("same", "。")]]
    assert said(after) == [[("same", "可以"), ("same", "[2]"), ("same", "。")]]
    assert [c.kind for c in after.cited] == ["new", "same"]
    before, after = beside(reply("可以[1]。", CLAUSE), reply("可以[2]。", OTHER))
    assert said(before)[0][1] == ("gone", "[1]")
    assert said(after)[0][1] == ("new", "[2]")
    assert [c.kind for c in (*before.cited, *after.cited)] == ["gone", "new"]


def test_a_clause_whose_text_differs_is_told_on_both_sides():
    before, after = beside(
        reply("可以[1]。", CLAUSE), reply("可以[1]。", {**CLAUSE, "text": "随时可以撤回。"})
    )
    assert [c.kind for c in (*before.cited, *after.cited)] == ["changed", "changed"]
    assert not same(before, after)


def test_another_status_or_verdict_is_a_difference_though_the_words_are_the_same():
    verdict = {"outcome": "may_be_exempt", "item": None}
    before, after = beside(reply("看情况。"), reply("看情况。", verdict=verdict))
    assert (before.verdict_differs, before.outcome, after.outcome) == (True, "", "may_be_exempt")
    before, after = beside(reply("看情况。"), reply("看情况。", status="abstained"))
    assert before.status_differs
    assert not same(before, after)
