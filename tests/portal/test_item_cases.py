"""Items of a draft and their cases: confirmed by name, carried over, and a bar to publication."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from knowledge.clause import ClauseRef
from knowledge.exemption import Condition, ListItem, ListOutcome, Outcome
from knowledge.item_case import ItemCase, case_key, propose_cases
from knowledge.parse.conditions import parse_conditions
from knowledge.situation import Harm, Situation
from portal.database import Database
from portal.errors import FieldErrors, NotFound
from portal.journal import JournalEntry
from portal.library import publication
from portal.library.annotations import with_meanings
from portal.library.desk import annotating as desk
from portal.library.desk.annotating import annotate
from portal.library.desk.drafts import DraftMoved, draft_of, needed_draft, open_draft, renew_draft
from portal.library.desk.items.acts import ItemChanged, add_item, edit_item, item_digest, remove_item
from portal.library.desk.items.case_acts import (
    CaseGone,
    confirm_case,
    confirm_passing,
    confirm_untyped,
    put_aside,
    write_case,
)
from portal.library.desk.items.case_rows import rows_of
from portal.library.desk.items.cases import CaseGap, ItemView, Standing, draft_views
from portal.library.desk.release import publish_approved, roll_back
from portal.library.desk.review import SamePerson, approve, submit
from portal.library.models import EditionState
from portal.library.publication import PublicationError
from portal.library.shelving import Shelving

from .desk import EDITOR, LIST, PUBLISHER, REVIEWER, SECOND, bring_in, imported_list, journal_of, on_desk


@pytest.fixture
def draft(session: Session) -> Session:
    """The session, with a new list open on the desk."""
    bring_in(session, imported_list())
    open_draft(session, LIST, actor=EDITOR)
    return session


def place(number: str) -> ClauseRef:
    return ClauseRef(LIST, number)


def view(session: Session, number: str = "1") -> ItemView:
    session.expire_all()
    views = draft_views(session, needed_draft(session, LIST, *EditionState))
    return next(v for v in views if v.number == number)


def item(session: Session, number: str = "1") -> ListItem:
    return view(session, number).item


def confirms_everything(session: Session) -> None:
    confirm_passing(session, LIST, actor=EDITOR)
    if view(session, "3").gap is not None:
        confirm_untyped(session, place("3"), actor=EDITOR)


def changes(session: Session, number: str = "1", *, actor: str = EDITOR, **new: object) -> None:
    seen = item_digest(item(session, number))
    edit_item(session, place(number), lambda i: replace(i, **new), seen, actor=actor)


def hands_over(session: Session) -> None:
    submit(session, needed_draft(session, LIST), actor=EDITOR)
    approve(session, needed_draft(session, LIST, EditionState.IN_REVIEW), actor=REVIEWER)


def publishes(session: Session, shelving: Shelving) -> int:
    hands_over(session)
    return publish_approved(session, shelving, actor=PUBLISHER).release


def published(session: Session, shelving: Shelving) -> None:
    """A list that went through the desk with everything confirmed, and is open there again."""
    confirms_everything(session)
    publishes(session, shelving)
    open_draft(session, LIST, actor=EDITOR)


def test_cases_are_proposed_for_a_new_list_and_nothing_is_stored_before_anyone_confirms(draft: Session):
    first = view(draft)
    assert [c.standing for c in first.cases] == [Standing.PROPOSED] * 4
    assert (first.changed, first.gap, len(first.waiting)) == (True, CaseGap.NONE, 4)
    assert rows_of(draft, needed_draft(draft, LIST).edition_id) == {}
    assert (view(draft, "3").cases, view(draft, "3").reason) == ((), "untyped")


def test_a_case_is_confirmed_by_name_and_told_to_the_journal(draft: Session):
    key = view(draft).cases[0].key
    confirm_case(draft, place("1"), key, actor=SECOND)
    case = view(draft).cases[0]
    assert (case.standing, case.by, case.key) == (Standing.CONFIRMED, SECOND, key)
    assert view(draft).gap is None
    assert journal_of(draft)[-1] == "item_case.confirmed"
    assert needed_draft(draft, LIST).authors == ["operator", SECOND]
    entry = draft.scalars(select(JournalEntry).order_by(JournalEntry.number.desc())).first()
    assert entry is not None
    assert (entry.subject, entry.detail["due"]) == (f"{LIST}#1", "may_be_exempt")


def test_confirming_changes_nothing_for_the_public(draft: Session):
    before = needed_draft(draft, LIST).edition.digest
    confirms_everything(draft)
    assert needed_draft(draft, LIST).edition.digest == before


def test_everything_that_passes_is_confirmed_at_once_but_never_what_nobody_can_try(draft: Session):
    assert confirm_passing(draft, LIST, actor=EDITOR) == 7
    assert [view(draft, n).gap for n in ("1", "2", "3")] == [None, None, CaseGap.NONE]
    events = journal_of(draft)
    assert confirm_passing(draft, LIST, actor=EDITOR) == 0
    assert journal_of(draft) == events


def test_that_nothing_can_be_tried_is_said_by_name(draft: Session):
    confirm_untyped(draft, place("3"), actor=EDITOR)
    only = view(draft, "3").cases[0]
    assert (only.case.due, only.by, only.result.passes) == (Outcome.OFFICER_DECIDES, EDITOR, True)
    assert view(draft, "3").gap is None
    assert journal_of(draft)[-1] == "item_case.untyped_confirmed"
    with pytest.raises(CaseGone):
        confirm_untyped(draft, place("1"), actor=EDITOR)


def test_a_proposal_that_is_not_used_is_remembered_and_comes_back_when_confirmed(draft: Session):
    key = view(draft).cases[1].key
    put_aside(draft, place("1"), key, actor=EDITOR)
    assert ([c.key for c in view(draft).aside], key in {c.key for c in view(draft).cases}) == ([key], False)
    assert confirm_passing(draft, LIST, actor=EDITOR) == 6
    assert [c.key for c in view(draft).aside] == [key]
    confirm_case(draft, place("1"), key, actor=EDITOR)
    assert view(draft).aside == ()


def test_a_case_of_ones_own_is_written_corrected_and_removed(draft: Session):
    own = ItemCase(Situation(first_offence=True, harm=Harm.SERIOUS), Outcome.NEEDS_FACTS)
    write_case(draft, place("1"), own, actor=EDITOR)
    assert [c.case for c in view(draft).cases if c.standing is Standing.CONFIRMED] == [own]
    other = replace(
        own, situation=replace(own.situation, first_offence=False), due=Outcome.CONDITIONS_NOT_MET
    )
    write_case(draft, place("1"), other, case_key(own), actor=EDITOR)
    assert [c.case for c in view(draft).cases if c.standing is Standing.CONFIRMED] == [other]
    put_aside(draft, place("1"), case_key(other), actor=EDITOR)
    assert (view(draft).confirmed, view(draft).aside) == (0, ())


def test_a_proposal_that_is_corrected_does_not_come_back(draft: Session):
    old = view(draft).cases[0]
    better = replace(old.case, situation=replace(old.case.situation, harm=Harm.NONE))
    write_case(draft, place("1"), better, old.key, actor=EDITOR)
    assert old.key in {c.key for c in view(draft).aside}
    assert view(draft).cases[0].case == better


def test_two_editors_at_once_lose_nothing(draft: Session, database: Database):
    """Each confirms his own half, one case after the other, while the other does the same."""
    keys = [(number, case.key) for number in ("1", "2") for case in view(draft, number).cases]
    draft.rollback()
    both = threading.Barrier(2)
    failures: list[Exception] = []

    def confirms(actor: str, mine: list[tuple[str, str]]) -> None:
        with database.session() as own:
            both.wait(30)
            for number, key in mine:
                try:
                    confirm_case(own, place(number), key, actor=actor)
                except StaleDataError as failure:
                    failures.append(failure)

    people = [
        threading.Thread(target=confirms, args=(EDITOR, keys[::2])),
        threading.Thread(target=confirms, args=(SECOND, keys[1::2])),
    ]
    for person in people:
        person.start()
    for person in people:
        person.join(60)
    rows = rows_of(draft, needed_draft(draft, LIST).edition_id)
    stored = {(number, row.key) for number, held in rows.items() for row in held}
    assert (failures, stored) == ([], set(keys))
    draft.expire_all()
    assert set(needed_draft(draft, LIST).authors) == {"operator", EDITOR, SECOND}
    assert journal_of(draft).count("item_case.confirmed") == len(keys)


def test_a_case_that_is_no_longer_there_is_not_confirmed(draft: Session):
    with pytest.raises(CaseGone):
        confirm_case(draft, place("1"), "0" * 16, actor=EDITOR)
    with pytest.raises(NotFound):
        confirm_case(draft, place("99"), "0" * 16, actor=EDITOR)


def test_a_changed_condition_wants_its_cases_confirmed_again(draft: Session):
    confirms_everything(draft)
    changes(
        draft, conditions=(*item(draft).conditions[:1], *parse_conditions("占用面积不超过4平方米；及时改正"))
    )
    assert view(draft).gap is CaseGap.AGAIN
    assert {c.standing for c in view(draft).cases} == {Standing.AGAIN, Standing.PROPOSED}
    confirm_passing(draft, LIST, actor=EDITOR)
    assert view(draft).gap is None


def test_a_case_that_the_new_conditions_break_fails_until_someone_decides(draft: Session):
    confirms_everything(draft)
    laxer = parse_conditions("初次违法；占用面积不超过50平方米；及时改正")
    changes(draft, conditions=laxer)
    broken = next(c for c in view(draft).cases if not c.result.passes)
    assert (broken.standing, broken.result.outcome) == (Standing.AGAIN, Outcome.MAY_BE_EXEMPT)
    confirm_passing(draft, LIST, actor=EDITOR)
    assert view(draft).gap is CaseGap.FAILS
    put_aside(draft, place("1"), broken.key, actor=EDITOR)
    assert view(draft).gap is None


def test_words_and_measures_of_an_item_do_not_touch_its_cases(draft: Session):
    confirms_everything(draft)
    changes(draft, measures="说服教育", matter="占用道路堆放了物料")
    assert view(draft).gap is None
    assert journal_of(draft)[-1] == "item.changed"


def test_an_item_that_another_has_changed_is_not_overwritten(draft: Session):
    seen = item_digest(item(draft))
    changes(draft, actor=SECOND, measures="说服教育")
    with pytest.raises(ItemChanged):
        edit_item(draft, place("1"), lambda i: replace(i, measures="行政指导"), seen, actor=EDITOR)
    assert item(draft).measures == "说服教育"
    edit_item(draft, place("1"), lambda i: replace(i, measures="说服教育"), seen, actor=EDITOR)


def test_editing_keeps_topics_and_ways_of_asking(draft: Session):
    seen = item_digest(item(draft))
    annotate(draft, place("1"), desk.write_askings(["门口堆点砖会罚吗"]), actor=SECOND)
    edit_item(draft, place("1"), lambda i: replace(i, measures="说服教育"), seen, actor=EDITOR)
    assert (item(draft).asked_as, item(draft).measures) == (("门口堆点砖会罚吗",), "说服教育")


def test_an_item_is_added_at_the_end_and_removed_with_its_cases(draft: Session):
    new = replace(item(draft), number="4", matter="乱贴广告")
    add_item(draft, LIST, new, actor=EDITOR)
    assert [i.number for i in on_desk(draft, LIST).items] == ["1", "2", "3", "4"]
    with pytest.raises(FieldErrors):
        add_item(draft, LIST, new, actor=SECOND)
    confirm_passing(draft, LIST, actor=EDITOR)
    remove_item(draft, place("4"), item_digest(new), actor=EDITOR)
    assert "4" not in rows_of(draft, needed_draft(draft, LIST).edition_id)
    assert journal_of(draft)[-1] == "item.removed"
    with pytest.raises(NotFound):
        remove_item(draft, place("4"), item_digest(new), actor=EDITOR)


@pytest.mark.parametrize(
    "act",
    [
        lambda s: confirm_case(s, place("1"), view(s).cases[0].key, actor=EDITOR),
        lambda s: confirm_passing(s, LIST, actor=EDITOR),
        lambda s: changes(s, measures="说服教育"),
        lambda s: remove_item(s, place("1"), item_digest(item(s)), actor=EDITOR),
    ],
)
def test_what_was_handed_in_is_not_touched_any_more(draft: Session, act):
    submit(draft, needed_draft(draft, LIST), actor=EDITOR)
    with pytest.raises(DraftMoved):
        act(draft)


def test_a_new_list_without_confirmed_cases_is_not_published_and_told_what_to_do(
    draft: Session, shelving: Shelving
):
    hands_over(draft)
    with pytest.raises(PublicationError) as refused:
        publish_approved(draft, shelving, actor=PUBLISHER)
    assert str(refused.value) == (
        "《宁波市城市管理免罚清单》第 1、2、3 项还没有确认过的案例，"
        "请撤回修改，在“清单事项和案例”里确认后重新送审。"
    )


def test_the_command_line_publishes_without_cases(session: Session, shelving: Shelving):
    bring_in(session, imported_list())
    assert publication.publish(session, shelving, actor="operator").published == (LIST,)


def test_with_confirmed_cases_a_list_is_published_and_who_confirmed_does_not_review(
    draft: Session, shelving: Shelving
):
    confirm_passing(draft, LIST, actor=EDITOR)
    confirm_untyped(draft, place("3"), actor=SECOND)
    submit(draft, needed_draft(draft, LIST), actor=EDITOR)
    with pytest.raises(SamePerson):
        approve(draft, needed_draft(draft, LIST, EditionState.IN_REVIEW), actor=SECOND)
    approve(draft, needed_draft(draft, LIST, EditionState.IN_REVIEW), actor=REVIEWER)
    assert publish_approved(draft, shelving, actor=PUBLISHER).published == (LIST,)


@pytest.mark.parametrize(
    ("conditions", "words"),
    [("占用面积不超过4平方米", "案例要重新确认"), ("占用面积不超过50平方米", "有案例与现在的条件不符")],
)
def test_a_changed_item_hinders_and_the_sentence_names_it(
    draft: Session, shelving: Shelving, conditions: str, words: str
):
    published(draft, shelving)
    changed = parse_conditions(f"初次违法；{conditions}；及时改正")
    changes(draft, conditions=changed)
    hands_over(draft)
    with pytest.raises(PublicationError) as refused:
        publish_approved(draft, shelving, actor=PUBLISHER)
    assert "第 1 项" in str(refused.value)
    assert words in str(refused.value)
    assert "第 2 项" not in str(refused.value)


def test_a_long_list_is_named_by_its_first_items(session: Session, shelving: Shelving):
    one = imported_list().items[0]
    bring_in(session, imported_list(items=tuple(replace(one, number=str(n)) for n in range(1, 81))))
    open_draft(session, LIST, actor=EDITOR)
    hands_over(session)
    with pytest.raises(PublicationError, match="第 1、2、3、4、5 等 80 项还没有确认过的案例"):
        publish_approved(session, shelving, actor=PUBLISHER)


def test_unchanged_items_of_a_list_from_the_command_line_hinder_nothing(session: Session, shelving: Shelving):
    bring_in(session, imported_list())
    publication.publish(session, shelving, actor="operator")
    open_draft(session, LIST, actor=EDITOR)
    annotate(session, place("1"), desk.write_askings(["门口堆点砖会罚吗"]), actor=EDITOR)
    assert publishes(session, shelving) == 3


def test_cases_go_with_their_items_into_the_next_edition(draft: Session, shelving: Shelving):
    published(draft, shelving)
    assert [view(draft, n).gap for n in ("1", "2", "3")] == [None, None, None]
    assert {c.by for c in view(draft).cases} == {EDITOR}
    changes(draft, "2", matter="夜里施工没有公告")
    assert publishes(draft, shelving) == 3


def test_an_import_over_a_published_list_takes_its_cases_along(draft: Session, shelving: Shelving):
    confirms_everything(draft)
    publishes(draft, shelving)
    one, two, three = imported_list().items
    stricter = replace(one, conditions=parse_conditions("初次违法；占用面积不超过4平方米；及时改正"))
    another = replace(two, matter="渣土车没有密闭运输")
    bring_in(draft, imported_list(items=(stricter, another, three), document_number="甬城管〔2026〕2号"))
    open_draft(draft, LIST, actor=EDITOR)
    assert [view(draft, n).gap for n in ("1", "2", "3")] == [CaseGap.AGAIN, CaseGap.NONE, None]


def test_a_renewed_draft_keeps_its_own_cases_and_takes_what_it_lacks(draft: Session, shelving: Shelving):
    published(draft, shelving)
    put_aside(draft, place("2"), view(draft, "2").cases[0].key, actor=EDITOR)
    before = {n: [c.key for c in view(draft, n).cases] for n in ("1", "2", "3")}
    renew_draft(draft, LIST, actor=EDITOR)
    assert {n: [c.key for c in view(draft, n).cases] for n in ("1", "2", "3")} == before


def test_a_rollback_brings_back_the_cases_of_the_edition_it_goes_back_to(draft: Session, shelving: Shelving):
    published(draft, shelving)
    changes(draft, conditions=parse_conditions("初次违法；占用面积不超过4平方米；及时改正"))
    confirms_everything(draft)
    assert publishes(draft, shelving) == 3
    roll_back(draft, shelving, 2, actor=PUBLISHER, reason="先用旧的")
    assert draft_of(draft, LIST) is None
    open_draft(draft, LIST, actor=EDITOR)
    assert item(draft) == imported_list().items[0]
    assert {c.standing for c in view(draft).cases} == {Standing.CONFIRMED}


def test_another_effect_breaks_the_case_that_had_the_old_one(draft: Session):
    confirms_everything(draft)
    changes(draft, outcome=ListOutcome.SHALL_BE_EXEMPT)
    failing = [c for c in view(draft).cases if not c.result.passes]
    assert [c.case for c in failing] == [propose_cases(imported_list().items[0]).cases[0]]
    assert view(draft).gap is CaseGap.FAILS


def test_untyping_a_condition_is_a_change_of_what_the_item_says(draft: Session):
    confirms_everything(draft)
    changes(draft, "2", conditions=(Condition("危害后果轻微"), Condition("及时改正")))
    assert view(draft, "2").gap is CaseGap.FAILS
    for case in view(draft, "2").cases:
        put_aside(draft, place("2"), case.key, actor=EDITOR)
    confirm_untyped(draft, place("2"), actor=EDITOR)
    assert view(draft, "2").gap is None


def test_what_an_editor_made_of_a_condition_follows_its_words_to_the_next_edition():
    shown, again = imported_list(), imported_list(document_number="甬试〔2027〕2号")
    first = shown.items[0]
    mended = replace(first.conditions[0], predicate=first.conditions[2].predicate)
    edited = replace(
        shown, items=(replace(first, conditions=(mended, *first.conditions[1:])), *shown.items[1:])
    )
    reworded = replace(again.items[0], conditions=(*again.items[0].conditions[:2], Condition("限期改正")))
    merged = with_meanings(replace(again, items=(reworded, *again.items[1:])), edited)
    assert merged.items[0].conditions == (mended, first.conditions[1], Condition("限期改正"))
