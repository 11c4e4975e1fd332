"""Topics on the desk: new, changed and retired ones wait for a release, and two editors lose nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from knowledge.topic import Topic
from portal.errors import FieldErrors, NotFound
from portal.library.desk.difference import topic_difference
from portal.library.desk.drafts import DraftMoved, open_draft
from portal.library.desk.release import publish_approved
from portal.library.desk.review import SamePerson, approve, submit
from portal.library.desk.topic_changes import (
    TopicChanged,
    change_of,
    discard_change,
    edit_topic,
    find_topic,
    lines_of,
    new_topic,
    retire_topic,
    topic_of,
    topics_on_desk,
)
from portal.library.models import EditionState
from portal.library.readiness import prepare
from portal.library.record import topics_now
from portal.library.shelving import Shelving

from .desk import EDITOR, PUBLISHER, REVIEWER, SECOND, bring_in, journal_of
from .small import TOPICS
from .test_publication import starter  # noqa: F401  a fixture

WITHDRAWAL = TOPICS["withdrawal"]
LATENESS = Topic("lateness", "逾期", "过了期限还没有办。", asked_as=("晚了几天怎么办",))


def errors_of(refused: pytest.ExceptionInfo[FieldErrors]) -> set[tuple[str, str]]:
    return {(error.field, error.word) for error in refused.value.errors}


def published(session: Session, shelving: Shelving, topic_id: str) -> None:
    """Takes the open change of a topic through review into a release."""
    change = change_of(session, topic_id)
    assert change is not None
    approve(session, submit(session, change, actor=EDITOR), actor=REVIEWER)
    publish_approved(session, shelving, actor=PUBLISHER)


def test_a_new_topic_waits_for_a_release(session: Session, shelving: Shelving):
    new_topic(session, LATENESS, actor=EDITOR)
    assert "lateness" in topics_on_desk(session)
    assert "lateness" not in topics_now(session)
    published(session, shelving, "lateness")
    assert topics_now(session)["lateness"] == LATENESS
    assert change_of(session, "lateness") is None
    assert journal_of(session)[0] == "topic.drafted"


def test_a_topic_without_an_id_is_given_one(session: Session):
    english = new_topic(session, replace(LATENESS, id="", name_en="Being late"), actor=EDITOR)
    chinese = new_topic(session, replace(LATENESS, id="", name="过期"), actor=EDITOR)
    assert english.topic_id == "being-late"
    assert chinese.topic_id.startswith("t-")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"id": "withdrawal"}, ("id", "topic_id")),
        ({"id": "Late Ness"}, ("id", "topic_id")),
        ({"id": "new"}, ("id", "topic_id")),
        ({"name": ""}, ("name", "required")),
        ({"name": "撤回"}, ("name", "topic_name_taken")),
        ({"name": "逾" * 41}, ("name", "too_long")),
        ({"explanation": ""}, ("explanation", "required")),
        ({"parent": "nothing"}, ("parent", "topic_parent")),
        ({"asked_as": ("长" * 201,)}, ("asked_as", "asking_too_long")),
    ],
)
def test_what_cannot_be_a_topic_is_refused_at_its_field(
    session: Session, changes: dict[str, object], error: tuple[str, str]
):
    with pytest.raises(FieldErrors) as refused:
        new_topic(session, replace(LATENESS, **changes), actor=EDITOR)  # type: ignore[arg-type]
    assert errors_of(refused) == {error}
    session.commit()
    assert topics_on_desk(session) == topics_now(session)


def test_an_edit_waits_for_a_release_and_shows_its_difference(session: Session, shelving: Shelving):
    edited = replace(WITHDRAWAL, explanation="申请以后可以收回。", asked_as=("申请能撤吗", "能反悔吗"))
    change = edit_topic(session, edited, WITHDRAWAL, actor=EDITOR)
    assert topics_now(session)["withdrawal"] == WITHDRAWAL
    assert [name for name, _ in topic_difference(WITHDRAWAL, topic_of(change))] == ["explanation", "asked_as"]
    published(session, shelving, "withdrawal")
    assert topics_now(session)["withdrawal"] == edited


def test_saving_without_a_change_leaves_no_trace(session: Session):
    edit_topic(session, WITHDRAWAL, WITHDRAWAL, actor=EDITOR)
    session.commit()
    assert change_of(session, "withdrawal") is None
    assert journal_of(session) == []


def test_two_editors_at_different_fields_lose_nothing(session: Session):
    edit_topic(session, replace(WITHDRAWAL, name_en="Withdrawal"), WITHDRAWAL, actor=EDITOR)
    asked = (*WITHDRAWAL.asked_as, "能反悔吗")
    change = edit_topic(session, replace(WITHDRAWAL, asked_as=asked), WITHDRAWAL, actor=SECOND)
    assert topic_of(change) == replace(WITHDRAWAL, name_en="Withdrawal", asked_as=asked)
    assert change.authors == [EDITOR, SECOND]


def test_ways_of_asking_of_two_editors_are_joined(session: Session):
    edit_topic(session, replace(WITHDRAWAL, asked_as=("申请能撤吗", "甲")), WITHDRAWAL, actor=EDITOR)
    change = edit_topic(session, replace(WITHDRAWAL, asked_as=("乙",)), WITHDRAWAL, actor=SECOND)
    assert topic_of(change).asked_as == ("甲", "乙")


def test_two_editors_at_one_field_are_told_which(session: Session):
    edit_topic(session, replace(WITHDRAWAL, explanation="甲。"), WITHDRAWAL, actor=EDITOR)
    with pytest.raises(TopicChanged) as refused:
        edit_topic(session, replace(WITHDRAWAL, explanation="乙。"), WITHDRAWAL, actor=SECOND)
    assert refused.value.values["fields"] == ["explanation"]
    assert topics_on_desk(session)["withdrawal"].explanation == "甲。"


def test_a_topic_does_not_stand_below_itself(session: Session):
    new_topic(session, replace(LATENESS, parent="withdrawal"), actor=EDITOR)
    with pytest.raises(FieldErrors) as refused:
        edit_topic(session, replace(WITHDRAWAL, parent="lateness"), WITHDRAWAL, actor=EDITOR)
    assert errors_of(refused) == {("parent", "topic_parent")}


def test_a_topic_that_clauses_carry_is_not_retired_and_they_are_named(session: Session):
    bring_in(session)
    open_draft(session, "shanqian", actor=EDITOR)
    with pytest.raises(FieldErrors) as refused:
        retire_topic(session, "withdrawal", actor=EDITOR)
    told = refused.value.sentence()
    assert "zhanhe 二/3" in told
    assert "草稿 shanqian 二/（三）" in told


def test_a_topic_that_nothing_needs_is_retired_by_a_release(session: Session, shelving: Shelving):
    new_topic(session, LATENESS, actor=EDITOR)
    published(session, shelving, "lateness")
    retire_topic(session, "lateness", actor=EDITOR)
    assert "lateness" in topics_now(session)
    published(session, shelving, "lateness")
    assert "lateness" not in topics_now(session)


def test_whoever_retires_a_topic_on_anothers_open_change_is_its_author_too(
    session: Session, shelving: Shelving
):
    new_topic(session, LATENESS, actor=EDITOR)
    published(session, shelving, "lateness")
    edit_topic(session, replace(LATENESS, name="过期"), LATENESS, actor=EDITOR)
    change = retire_topic(session, "lateness", actor=SECOND)
    submit(session, change, actor=EDITOR)
    with pytest.raises(SamePerson):
        approve(session, change, actor=SECOND)
    assert set(change.authors) == {EDITOR, SECOND}


def test_a_topic_above_others_is_not_retired(session: Session, shelving: Shelving):
    new_topic(session, LATENESS, actor=EDITOR)
    published(session, shelving, "lateness")
    new_topic(session, replace(LATENESS, id="fees", name="收费", parent="lateness"), actor=EDITOR)
    with pytest.raises(FieldErrors, match="fields") as refused:
        retire_topic(session, "lateness", actor=EDITOR)
    assert "收费" in refused.value.sentence()


def test_a_change_is_discarded_only_while_it_is_being_written(session: Session):
    change = new_topic(session, LATENESS, actor=EDITOR)
    submit(session, change, actor=EDITOR)
    with pytest.raises(DraftMoved):
        discard_change(session, "lateness", actor=EDITOR)
    with pytest.raises(DraftMoved):
        edit_topic(session, replace(LATENESS, name="过期"), LATENESS, actor=EDITOR)
    with pytest.raises(SamePerson):
        approve(session, change, actor=EDITOR)


def test_a_discarded_change_leaves_the_published_topic(session: Session):
    edit_topic(session, replace(WITHDRAWAL, name="收回"), WITHDRAWAL, actor=EDITOR)
    discard_change(session, "withdrawal", actor=EDITOR)
    assert topics_on_desk(session)["withdrawal"] == WITHDRAWAL
    with pytest.raises(NotFound):
        discard_change(session, "withdrawal", actor=EDITOR)


def test_topics_are_found_by_name_by_part_of_a_name_and_by_id():
    topics = {
        t.id: t for t in (WITHDRAWAL, replace(LATENESS, name="逾期办理"), Topic("fees", "逾期收费", "钱。"))
    }
    assert find_topic(topics, "撤回") == "withdrawal"
    assert find_topic(topics, " withdrawal ") == "withdrawal"
    assert find_topic(topics, "收费") == "fees"
    with pytest.raises(FieldErrors, match="fields") as refused:
        find_topic(topics, "逾期")
    assert "逾期办理、逾期收费" in refused.value.sentence()
    for nothing in ("", "没有的话题"):
        with pytest.raises(FieldErrors):
            find_topic(topics, nothing)


def test_ways_of_asking_are_read_one_a_line_each_once():
    assert lines_of(" 能撤吗 \n\n能撤吗\n能 反悔吗") == ("能撤吗", "能 反悔吗")


def test_a_new_version_leaves_the_topics_that_editors_published(
    session: Session,
    shelving: Shelving,
    starter: dict[str, object],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    ships = {"withdrawal": replace(WITHDRAWAL, name="撤回申请"), "fees": Topic("fees", "收费", "钱。")}
    monkeypatch.setattr("knowledge.starter.starter_topics", lambda: ships)
    edit_topic(session, replace(WITHDRAWAL, name="收回"), WITHDRAWAL, actor=EDITOR)
    published(session, shelving, "withdrawal")
    list(prepare(session, shelving))
    assert {t.name for t in topics_now(session).values()} == {"收回", "收费"}


def test_a_topic_whose_release_was_replaced_is_not_published_unseen(session: Session, shelving: Shelving):
    from portal.library.desk.release import roll_back
    from portal.library.publication import PublicationError

    edit_topic(session, replace(WITHDRAWAL, name="收回"), WITHDRAWAL, actor=EDITOR)
    published(session, shelving, "withdrawal")
    change = edit_topic(
        session, replace(WITHDRAWAL, name="收回申请"), replace(WITHDRAWAL, name="收回"), actor=EDITOR
    )
    approve(session, submit(session, change, actor=EDITOR), actor=REVIEWER)
    assert change.state == EditionState.APPROVED.value
    roll_back(session, shelving, 1, actor=PUBLISHER, reason="有误")
    with pytest.raises(PublicationError, match="有变"):
        publish_approved(session, shelving, actor=PUBLISHER)
