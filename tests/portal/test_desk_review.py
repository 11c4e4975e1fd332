"""Author, reviewer, publisher: never the same person twice, and one release of what was approved."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from knowledge.clause import Clause, ClauseRef
from knowledge.topic import Topic
from portal.errors import FieldErrors
from portal.library import publication
from portal.library.desk import annotating as desk
from portal.library.desk.annotating import annotate
from portal.library.desk.difference import Kind, difference, words_between
from portal.library.desk.drafts import DraftMoved, draft_of, needed_draft, open_draft, renew_draft
from portal.library.desk.release import approved, publish_approved, roll_back
from portal.library.desk.review import (
    NotReadyForReview,
    SamePerson,
    approve,
    send_back,
    submit,
    take_back,
)
from portal.library.desk.topic_changes import change_of, new_topic, retire_topic
from portal.library.holder import KnowledgeHolder
from portal.library.models import EditionState, Release
from portal.library.publication import PublicationError, waiting_drafts
from portal.library.record import current_release, editions_of_release, topics_now
from portal.library.shelving import Shelving

from .desk import (
    EDITOR,
    NINGBO,
    PUBLISHER,
    REVIEWER,
    SECOND,
    approved_draft,
    bring_in,
    does,
    imported_notice,
    journal_of,
)
from .small import make_notice

TODAY = date(2026, 11, 24)


@pytest.fixture
def draft(session: Session) -> Session:
    bring_in(session)
    open_draft(session, "shanqian", actor=EDITOR)
    does(session, desk.confirm_topic("withdrawal"))
    return session


def handed_in(session: Session, *, actor: str = EDITOR) -> None:
    submit(session, needed_draft(session, "shanqian"), actor=actor)


def in_review(session: Session):
    return needed_draft(session, "shanqian", EditionState.IN_REVIEW)


def test_a_draft_goes_from_the_author_to_the_reviewer_to_the_publisher(draft: Session, shelving: Shelving):
    handed_in(draft)
    approve(draft, in_review(draft), actor=REVIEWER)
    outcome = publish_approved(draft, shelving, actor=PUBLISHER)
    assert (outcome.release, outcome.published) == (2, ("shanqian",))
    assert draft_of(draft, "shanqian") is None
    assert journal_of(draft)[-3:] == ["draft.submitted", "draft.approved", "release.publish"]
    assert current_release(draft).made_by == PUBLISHER  # type: ignore[union-attr]


@pytest.mark.parametrize("wrote", [EDITOR, SECOND])
def test_nobody_reviews_what_he_wrote_in_or_handed_in(draft: Session, wrote: str):
    handed_in(draft, actor=SECOND)
    with pytest.raises(SamePerson, match="same_person"):
        approve(draft, in_review(draft), actor=wrote)
    assert in_review(draft).reviewed_by == ""


@pytest.mark.parametrize("had_a_part", [EDITOR, REVIEWER])
def test_nobody_publishes_what_he_wrote_or_reviewed(draft: Session, shelving: Shelving, had_a_part: str):
    handed_in(draft)
    approve(draft, in_review(draft), actor=REVIEWER)
    with pytest.raises(SamePerson):
        publish_approved(draft, shelving, actor=had_a_part)
    assert current_release(draft).number == 1  # type: ignore[union-attr]


def test_who_wrote_one_edition_reviews_no_other_of_the_same_release(session: Session, shelving: Shelving):
    approved_draft(session, "zhanhe", lambda: _asks(session, "zhanhe"))
    open_draft(session, "zhoushan", actor=REVIEWER)
    annotate(session, ClauseRef("zhoushan", "二/4"), desk.write_askings(["约谈几个人"]), actor=REVIEWER)
    submit(session, needed_draft(session, "zhoushan"), actor=REVIEWER)
    approve(session, needed_draft(session, "zhoushan", EditionState.IN_REVIEW), actor=SECOND)
    with pytest.raises(SamePerson) as refused:
        publish_approved(session, shelving, actor=PUBLISHER)
    assert REVIEWER in refused.value.sentence()
    assert publish_approved(session, shelving, actor=PUBLISHER, subjects=["zhanhe"]).release == 2
    assert publish_approved(session, shelving, actor=PUBLISHER).published == ("zhoushan",)


def _asks(session: Session, instrument: str) -> None:
    annotate(session, ClauseRef(instrument, "二/4"), desk.write_askings(["约谈几个人"]), actor=EDITOR)


def test_the_reviewer_returns_a_draft_with_remarks_and_never_without(draft: Session):
    handed_in(draft)
    with pytest.raises(FieldErrors):
        send_back(draft, in_review(draft), "  ", actor=REVIEWER)
    send_back(draft, in_review(draft), "第（三）项的话题不对。", actor=REVIEWER)
    returned = needed_draft(draft, "shanqian")
    assert (returned.state, returned.remarks) == ("draft", "第（三）项的话题不对。")
    handed_in(draft)
    assert in_review(draft).remarks == ""


def test_the_author_takes_a_draft_back_also_after_it_was_approved(draft: Session, shelving: Shelving):
    handed_in(draft)
    approve(draft, in_review(draft), actor=REVIEWER)
    take_back(draft, needed_draft(draft, "shanqian", EditionState.APPROVED), actor=EDITOR)
    assert approved(draft).pieces == ()
    with pytest.raises(PublicationError):
        publish_approved(draft, shelving, actor=PUBLISHER)


def test_nothing_is_approved_that_was_not_handed_in(draft: Session):
    with pytest.raises(DraftMoved):
        approve(draft, needed_draft(draft, "shanqian"), actor=REVIEWER)


def test_a_draft_without_a_source_is_not_handed_in(session: Session):
    bring_in(session, imported_notice(source=""))
    open_draft(session, "shanqian", actor=EDITOR)
    with pytest.raises(NotReadyForReview) as refused:
        submit(session, needed_draft(session, "shanqian"), actor=EDITOR)
    assert "来源" in refused.value.sentence()


def test_the_command_line_publishes_what_it_brought_in_and_nothing_from_the_desk(
    draft: Session, shelving: Shelving
):
    bring_in(draft, make_notice("panjin", "辽宁省/盘锦市", digest=False))
    assert [row.instrument_id for row in waiting_drafts(draft)] == ["panjin"]
    assert publication.publish(draft, shelving, actor="operator").published == ("panjin",)


def test_what_rests_on_a_replaced_text_is_not_published_until_it_was_renewed(
    session: Session, shelving: Shelving
):
    approved_draft(session, "zhanhe", lambda: _asks(session, "zhanhe"))
    bring_in(session, make_notice(digest=False, title="新的办法"))
    publication.publish(session, shelving, actor="operator")
    with pytest.raises(PublicationError, match="另一版"):
        publish_approved(session, shelving, actor=PUBLISHER)
    assert renew_draft(session, "zhanhe", actor=EDITOR).state == "draft"


def test_a_topic_that_no_release_has_is_published_with_the_clause_that_carries_it(
    draft: Session, shelving: Shelving
):
    topic = Topic("lateness", "逾期", "过了期限还没有办。")
    new_topic(draft, topic, actor=EDITOR)
    does(draft, desk.add_topic("lateness"))
    handed_in(draft)
    approve(draft, in_review(draft), actor=REVIEWER)
    with pytest.raises(PublicationError, match="逾期"):
        publish_approved(draft, shelving, actor=PUBLISHER)
    change = change_of(draft, "lateness")
    assert change is not None
    approve(draft, submit(draft, change, actor=EDITOR), actor=REVIEWER)
    outcome = publish_approved(draft, shelving, actor=PUBLISHER)
    assert outcome.published == ("shanqian", "topic:lateness")
    assert topics_now(draft)["lateness"] == topic


def test_a_topic_is_not_retired_by_a_release_whose_clauses_carry_it_by_then(
    session: Session, shelving: Shelving
):
    change = new_topic(session, Topic("lateness", "逾期", "过了期限。"), actor=EDITOR)
    approve(session, submit(session, change, actor=EDITOR), actor=REVIEWER)
    publish_approved(session, shelving, actor=PUBLISHER)
    retiring = retire_topic(session, "lateness", actor=EDITOR)
    approve(session, submit(session, retiring, actor=EDITOR), actor=REVIEWER)
    bring_in(session, imported_notice(clauses=(Clause("一", "逾期的，从轻。", topics=("lateness",)),)))
    publication.publish(session, shelving, actor="operator")
    with pytest.raises(PublicationError, match="逾期"):
        publish_approved(session, shelving, actor=PUBLISHER)


def test_confirming_lets_the_clause_count_in_full(
    session: Session, shelving: Shelving, holder: KnowledgeHolder
):
    bring_in(session)
    publication.publish(session, shelving, actor="operator")
    asked = "交了能拿回来吗"
    before = holder.current(session).search(asked, regions=[NINGBO], on=TODAY)[0]
    approved_draft(session, "shanqian", lambda: does(session, desk.confirm_all()))
    publish_approved(session, shelving, actor=PUBLISHER)
    after = holder.current(session).search(asked, regions=[NINGBO], on=TODAY)[0]
    assert before.ref == after.ref == ClauseRef("shanqian", "二/（三）")
    assert after.asked > before.asked


def test_a_rollback_takes_editions_and_topics_back_and_keeps_the_reason(draft: Session, shelving: Shelving):
    change = new_topic(draft, Topic("lateness", "逾期", "过了期限。"), actor=EDITOR)
    approve(draft, submit(draft, change, actor=EDITOR), actor=REVIEWER)
    handed_in(draft)
    approve(draft, in_review(draft), actor=REVIEWER)
    publish_approved(draft, shelving, actor=PUBLISHER)
    with pytest.raises(FieldErrors):
        roll_back(draft, shelving, 1, actor=PUBLISHER, reason=" ")
    outcome = roll_back(draft, shelving, 1, actor=PUBLISHER, reason="话题有误")
    assert draft.get_one(Release, outcome.release).reason == "话题有误"
    assert "lateness" not in topics_now(draft)
    shown = {row.instrument_id for row in editions_of_release(draft, outcome.release)}
    assert "shanqian" not in shown
    assert journal_of(draft)[-1] == "release.rollback"


def test_what_was_taken_back_by_a_rollback_can_be_worked_on_again(draft: Session, shelving: Shelving):
    handed_in(draft)
    approve(draft, in_review(draft), actor=REVIEWER)
    publish_approved(draft, shelving, actor=PUBLISHER)
    roll_back(draft, shelving, 1, actor=PUBLISHER, reason="先撤下")
    reopened = open_draft(draft, "shanqian", actor=EDITOR)
    assert reopened.base_id is None
    handed_in(draft)


def test_the_difference_shows_words_that_came_and_went():
    runs = words_between("应当在十日内办理。", "应当在五日内办结。")
    assert [(w.kind, w.text) for w in runs if w.kind is not Kind.SAME] == [
        (Kind.REMOVED, "十"),
        (Kind.ADDED, "五"),
        (Kind.REMOVED, "理"),
        (Kind.ADDED, "结"),
    ]
    assert words_between("一样", "一样") == ()


def test_the_difference_goes_clause_by_clause_and_tells_what_became_of_proposals():
    before = imported_notice()
    kept, withdrawal, talks = before.clauses
    after = imported_notice(
        title="新的标题",
        clauses=(
            kept,
            Clause(withdrawal.section, withdrawal.text, topics=("withdrawal",), plain="可撤回。"),
            Clause("三", "三、附则"),
        ),
    )
    found = difference(before, after)
    assert found.details == (("title", before.title, "新的标题"),)
    changed, new, gone = found.parts
    assert (changed.section, changed.kind, changed.text) == (withdrawal.section, Kind.CHANGED, ())
    assert [(m.act, m.text) for m in changed.topics] == [("confirmed", "withdrawal")]
    assert {m.act for m in changed.askings} == {"rejected"}
    assert [w.text for w in changed.plain] == ["可撤回。"]
    assert (new.section, new.kind) == ("三", Kind.ADDED)
    assert (gone.section, gone.kind) == (talks.section, Kind.REMOVED)
    assert found.texts == 2
    assert difference(before, before).empty


def test_nobody_approves_what_was_rewritten_after_it_was_read(draft: Session):
    handed_in(draft)
    read = in_review(draft).seen
    take_back(draft, in_review(draft), actor=EDITOR)
    does(draft, desk.write_askings(["后悔了怎么办"]))
    handed_in(draft)
    with pytest.raises(DraftMoved):
        approve(draft, in_review(draft), actor=REVIEWER, seen=read)
    approve(draft, in_review(draft), actor=REVIEWER, seen=in_review(draft).seen)


def test_nobody_publishes_what_was_rewritten_after_the_page_was_opened(draft: Session, shelving: Shelving):
    handed_in(draft)
    approve(draft, in_review(draft), actor=REVIEWER)
    opened = {piece.subject: piece.seen for piece in approved(draft).pieces}
    take_back(draft, needed_draft(draft, "shanqian", EditionState.APPROVED), actor=EDITOR)
    does(draft, desk.write_askings(["后悔了怎么办"]))
    handed_in(draft)
    approve(draft, in_review(draft), actor=REVIEWER)
    with pytest.raises(PublicationError, match="shanqian"):
        publish_approved(draft, shelving, actor=PUBLISHER, seen=opened)
    now = {piece.subject: piece.seen for piece in approved(draft).pieces}
    assert publish_approved(draft, shelving, actor=PUBLISHER, seen=now).published == ("shanqian",)
