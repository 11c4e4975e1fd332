"""What is one text as it was issued once: the one rule by which the desk, filing and flagging go."""

from __future__ import annotations

from datetime import date

import pytest

from portal.library.issue import is_same_issue

from .small import make_list, make_notice

NUMBER, DAY, LATER = "试政发〔2021〕1号", date(2021, 11, 16), date(2022, 3, 1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((NUMBER, DAY), (NUMBER, DAY), True),
        ((NUMBER, DAY), (NUMBER, LATER), True),
        ((NUMBER, DAY), (NUMBER, None), True),
        ((NUMBER, DAY), ("试政发［2021］1 号", DAY), True),
        ((NUMBER, DAY), ("试政发[2021]1号", DAY), True),
        ((NUMBER, DAY), ("试政发〔2021〕11号", DAY), False),
        ((NUMBER, DAY), ("", DAY), True),
        ((NUMBER, DAY), ("", LATER), False),
        ((NUMBER, None), ("", None), False),
        (("", DAY), ("", DAY), True),
        (("", DAY), ("", LATER), False),
        (("", None), ("", None), True),
    ],
)
def test_one_issue_is_known_by_its_number_and_else_by_its_day(
    one: tuple[str, date | None], other: tuple[str, date | None], same: bool
):
    editions = [make_notice(document_number=number, issued_on=day) for number, day in (one, other)]
    assert is_same_issue(*editions) is same
    assert is_same_issue(*reversed(editions)) is same


def test_neither_a_digest_nor_the_first_day_makes_another_issue():
    assert is_same_issue(make_notice(digest=True), make_notice(digest=False, in_force_from=LATER))
    assert is_same_issue(make_list(), make_list(items=()))
