"""The editor's desk: opening a draft, confirming and correcting what was proposed, and losing nothing."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from knowledge.clause import Clause, ClauseRef
from portal.database import Database
from portal.errors import FieldErrors, NotFound
from portal.library import publication
from portal.library.desk import annotating as desk
from portal.library.desk.annotating import annotate, confirm_above
from portal.library.desk.drafts import (
    DraftMoved,
    discard_draft,
    draft_of,
    is_stale,
    needed_draft,
    open_draft,
    renew_draft,
)
from portal.library.desk.part import PlainChanged, PlainWords, ProposalGone
from portal.library.desk.review import submit
from portal.library.models import EditionRow, EditionState, Origin
from portal.library.publication import waiting_drafts
from portal.library.record import keep_edition
from portal.library.shelving import Shelving

from .desk import EDITOR, SECOND, bring_in, does, imported_notice, journal_of, on_desk, part
from .small import WITHDRAW, make_list, make_notice


@pytest.fixture
def draft(session: Session) -> Session:
    """The session, with a notice open on the desk."""
    bring_in(session)
    open_draft(session, "shanqian", actor=EDITOR)
    return session


def test_opening_takes_over_the_draft_that_waits_from_the_command_line(session: Session):
    bring_in(session)
    opened = open_draft(session, "shanqian", actor=EDITOR)
    assert opened.authors == ["operator"]
    assert opened.edition.origin == Origin.EDITOR.value
    assert waiting_drafts(session) == []
    assert journal_of(session) == ["draft.opened"]


def test_opening_without_a_draft_makes_one_of_the_published_text(session: Session):
    opened = open_draft(session, "zhanhe", actor=EDITOR)
    assert on_desk(session, "zhanhe").clause("二/3").topics == ("withdrawal",)
    assert (opened.authors, opened.edition.author, opened.edition.origin) == ([EDITOR], EDITOR, "editor")
    assert not is_stale(session, opened)


def test_opening_twice_gives_the_same_draft_and_one_journal_event(session: Session):
    first = open_draft(session, "zhanhe", actor=EDITOR)
    second = open_draft(session, "zhanhe", actor=SECOND)
    assert first.edition_id == second.edition_id
    assert journal_of(session) == ["draft.opened"]


def test_two_who_open_at_once_get_the_same_draft(session: Session, database: Database):
    both = threading.Barrier(2)
    opened: list[int] = []

    def opens(actor: str) -> None:
        with database.session() as own:
            both.wait(30)
            opened.append(open_draft(own, "zhanhe", actor=actor).edition_id)

    people = [threading.Thread(target=opens, args=(name,)) for name in (EDITOR, SECOND)]
    for person in people:
        person.start()
    for person in people:
        person.join(60)
    assert len(opened) == 2
    assert len(set(opened)) == 1
    assert journal_of(session) == ["draft.opened"]


def test_an_unknown_instrument_has_no_draft(session: Session):
    with pytest.raises(NotFound):
        open_draft(session, "nothing", actor=EDITOR)


def test_what_was_confirmed_since_the_import_stands_in_the_draft_that_is_taken_over(
    session: Session, shelving: Shelving
):
    bring_in(
        session, imported_notice(clauses=(Clause("一", WITHDRAW, topics=("withdrawal",), plain="可撤回。"),))
    )
    publication.publish(session, shelving, actor="operator")
    bring_in(session, imported_notice(clauses=(Clause("一", WITHDRAW, proposed=("withdrawal",)),)))
    open_draft(session, "shanqian", actor=EDITOR)
    clause = part(session, "一")
    assert (clause.topics, clause.proposed, clause.plain) == (("withdrawal",), (), "可撤回。")


def test_discarding_leaves_the_published_text_and_the_way_free_for_another_draft(session: Session):
    first = open_draft(session, "zhanhe", actor=EDITOR).edition_id
    discard_draft(session, "zhanhe", actor=EDITOR)
    assert draft_of(session, "zhanhe") is None
    assert session.get_one(EditionRow, first).state == EditionState.SUPERSEDED.value
    assert open_draft(session, "zhanhe", actor=EDITOR).edition_id != first
    assert journal_of(session) == ["draft.opened", "draft.discarded", "draft.opened"]


def test_a_proposed_topic_is_confirmed_by_one_act(draft: Session):
    does(draft, desk.confirm_topic("withdrawal"))
    clause = part(draft, "二/（三）")
    assert (clause.topics, clause.proposed) == (("withdrawal",), ())
    assert journal_of(draft) == ["draft.opened", "clause.topic_confirmed"]


def test_a_proposed_topic_is_turned_down(draft: Session):
    does(draft, desk.reject_topic("withdrawal"), "二/（四）")
    assert (part(draft, "二/（四）").topics, part(draft, "二/（四）").proposed) == ((), ())


def test_a_topic_is_added_and_removed(draft: Session):
    does(draft, desk.add_topic("fees"))
    assert part(draft, "二/（三）").topics == ("fees",)
    assert part(draft, "二/（三）").proposed == ("withdrawal",)
    does(draft, desk.remove_topic("fees"))
    assert part(draft, "二/（三）").topics == ()


def test_carried_ways_of_asking_are_confirmed_turned_down_and_written(draft: Session):
    does(draft, desk.confirm_asking("申请以后还能撤回吗"))
    does(draft, desk.reject_asking("交了能拿回来吗"))
    does(draft, desk.write_askings(["后悔了怎么办", "申请能收回吗"]))
    does(draft, desk.remove_asking("申请能收回吗"))
    clause = part(draft, "二/（三）")
    assert clause.asked_as == ("申请以后还能撤回吗", "后悔了怎么办")
    assert clause.carried == ()


def test_a_way_of_asking_that_is_written_counts_for_the_one_carried_over(draft: Session):
    does(draft, desk.write_askings(["交了能拿回来吗"]))
    clause = part(draft, "二/（三）")
    assert (clause.asked_as, clause.carried) == (("交了能拿回来吗",), ("申请以后还能撤回吗",))


def test_plain_words_are_written_in_both_languages(draft: Session):
    does(draft, desk.write_plain(PlainWords("可以撤回。", "You may withdraw."), PlainWords()))
    clause = part(draft, "二/（三）")
    assert (clause.plain, clause.plain_en) == ("可以撤回。", "You may withdraw.")


def test_everything_of_one_clause_is_confirmed_at_once(draft: Session):
    does(draft, desk.confirm_all())
    clause = part(draft, "二/（三）")
    assert (clause.topics, clause.proposed, clause.carried) == (("withdrawal",), (), ())
    assert clause.asked_as == ("申请以后还能撤回吗", "交了能拿回来吗")


def test_what_is_certain_enough_is_confirmed_in_the_whole_document(draft: Session):
    row = needed_draft(draft, "shanqian")
    row.certainties = {"二/（三）": {"withdrawal": 0.91}, "二/（四）": {"withdrawal": 0.42}}
    draft.commit()
    assert confirm_above(draft, "shanqian", 0.8, actor=EDITOR) == 1
    assert part(draft, "二/（三）").topics == ("withdrawal",)
    assert part(draft, "二/（三）").carried == ()
    assert part(draft, "二/（四）").proposed == ("withdrawal",)
    assert journal_of(draft)[-1] == "draft.confirmed_above"


def test_a_clause_like_a_linked_one_is_more_certain_than_one_that_is_not(draft: Session):
    chances = needed_draft(draft, "shanqian").certainties
    assert chances["二/（三）"]["withdrawal"] > chances["二/（四）"]["withdrawal"]
    assert 0 <= chances["二/（四）"]["withdrawal"] <= 1


def test_doing_the_same_twice_leaves_one_journal_event(draft: Session):
    does(draft, desk.confirm_topic("withdrawal"))
    does(draft, desk.confirm_topic("withdrawal"), actor=SECOND)
    assert journal_of(draft) == ["draft.opened", "clause.topic_confirmed"]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (desk.reject_topic("withdrawal"), desk.confirm_topic("withdrawal")),
        (desk.confirm_topic("withdrawal"), desk.reject_topic("withdrawal")),
        (desk.reject_asking("交了能拿回来吗"), desk.confirm_asking("交了能拿回来吗")),
        (desk.confirm_asking("交了能拿回来吗"), desk.reject_asking("交了能拿回来吗")),
    ],
)
def test_what_another_has_decided_is_not_decided_again(
    draft: Session, first: desk.Annotation, then: desk.Annotation
):
    does(draft, first)
    with pytest.raises(ProposalGone):
        does(draft, then, actor=SECOND)


def test_two_editors_at_two_clauses_lose_nothing(draft: Session, database: Database):
    with database.session() as one, database.session() as two:
        on_desk(one)
        on_desk(two)  # both have read the draft before either writes
        annotate(one, ClauseRef("shanqian", "二/（三）"), desk.confirm_topic("withdrawal"), actor=EDITOR)
        annotate(two, ClauseRef("shanqian", "二/（四）"), desk.write_askings(["要不要写下来"]), actor=SECOND)
    assert part(draft, "二/（三）").topics == ("withdrawal",)
    assert part(draft, "二/（四）").asked_as == ("要不要写下来",)
    assert needed_draft(draft, "shanqian").authors == ["operator", EDITOR, SECOND]


def test_many_editors_at_once_lose_nothing(draft: Session, database: Database):
    def writes(number: int) -> None:
        with database.session() as own:
            question = desk.write_askings([f"第{number}种问法"])
            annotate(own, ClauseRef("shanqian", "二/（三）"), question, actor=EDITOR)

    people = [threading.Thread(target=writes, args=(number,)) for number in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join(60)
    assert {f"第{n}种问法" for n in range(4)} <= set(part(draft, "二/（三）").asked_as)


def test_plain_words_that_another_changed_meanwhile_are_not_written_over(draft: Session):
    does(draft, desk.write_plain(PlainWords("先写的。"), PlainWords()))
    with pytest.raises(PlainChanged) as refused:
        does(draft, desk.write_plain(PlainWords("后写的。"), PlainWords()), actor=SECOND)
    assert "先写的。" in refused.value.sentence()
    does(draft, desk.write_plain(PlainWords("后写的。"), PlainWords("先写的。")), actor=SECOND)
    assert part(draft, "二/（三）").plain == "后写的。"


def test_a_language_that_was_not_touched_keeps_what_another_wrote_there(draft: Session):
    does(draft, desk.write_plain(PlainWords("", "In English."), PlainWords()))
    does(draft, desk.write_plain(PlainWords("中文。"), PlainWords()), actor=SECOND)
    clause = part(draft, "二/（三）")
    assert (clause.plain, clause.plain_en) == ("中文。", "In English.")


def test_a_draft_in_review_is_not_changed(draft: Session):
    submit(draft, needed_draft(draft, "shanqian"), actor=EDITOR)
    with pytest.raises(DraftMoved):
        does(draft, desk.confirm_topic("withdrawal"))
    with pytest.raises(DraftMoved):
        discard_draft(draft, "shanqian", actor=EDITOR)


def test_a_clause_that_is_not_there_is_not_found(draft: Session):
    with pytest.raises(NotFound):
        does(draft, desk.confirm_topic("withdrawal"), "九")


def test_list_items_take_topics_and_ways_of_asking_but_no_plain_words(session: Session):
    carried = replace(make_list().items[0], carried=("报税晚了",))
    keep_edition(
        session, make_list("list-two", items=(carried,)), origin=Origin.COMMAND_LINE, author="operator"
    )
    session.commit()
    open_draft(session, "list-two", actor=EDITOR)
    place = ClauseRef("list-two", "1")
    annotate(session, place, desk.confirm_all(), actor=EDITOR)
    annotate(session, place, desk.add_topic("withdrawal"), actor=EDITOR)
    (item,) = on_desk(session, "list-two").items
    assert (item.topics, item.asked_as, item.carried) == (("withdrawal",), ("报税晚了",), ())
    with pytest.raises(FieldErrors):
        annotate(session, place, desk.write_plain(PlainWords("白话"), PlainWords()), actor=EDITOR)


def test_a_draft_takes_up_what_was_published_since_it_was_opened(session: Session, shelving: Shelving):
    open_draft(session, "zhanhe", actor=EDITOR)
    place = ClauseRef("zhanhe", "二/4")
    annotate(session, place, desk.write_askings(["约谈几个人"]), actor=EDITOR)
    newer = make_notice(
        digest=False,
        clauses=(
            *make_notice().clauses[:3],
            Clause("二/4", "4.约谈应当有记录，由两名执法人员进行。", plain="两个人谈。"),
        ),
    )
    bring_in(session, newer)
    publication.publish(session, shelving, actor="operator")
    assert is_stale(session, needed_draft(session, "zhanhe"))
    renew_draft(session, "zhanhe", actor=EDITOR)
    assert not is_stale(session, needed_draft(session, "zhanhe"))
    clause = part(session, "二/4", "zhanhe")
    assert (clause.asked_as, clause.plain) == (("约谈几个人",), "两个人谈。")
