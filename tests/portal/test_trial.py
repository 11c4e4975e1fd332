"""Drafts tried before they are published: opened without being shown, kept, and built again when swept."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.clause import Clause
from knowledge.shelf import ShelfMissingError
from knowledge.topic import Topic
from portal.errors import NotFound
from portal.library.desk import annotating as desk
from portal.library.desk.drafts import needed_draft, open_draft, write_edition
from portal.library.desk.topic_changes import new_topic
from portal.library.desk.trial import KEPT, Trial, TrialGone, Trials, drafts_to_try, trial_of
from portal.library.holder import KnowledgeHolder
from portal.library.lock import publication_lock
from portal.library.models import Release
from portal.library.publication import kept_shelves, publish, sweep
from portal.library.record import current_release, edition_of
from portal.library.shelving import Shelving

from .desk import EDITOR, NINGBO, bring_in, does, imported_notice
from .small import ZHANHE
from .test_publication import make_draft

OFFICIAL = "申请人可以撤回申请，应当准许"


@pytest.fixture
def trials(holder: KnowledgeHolder) -> Trials:
    return Trials(holder)


def text_of(trials: Trials, session: Session, trial: Trial, instrument: str = "zhanhe") -> str:
    def ask(knowledge: Any) -> str:
        edition = knowledge.any_edition(instrument)
        return "".join(clause.text for clause in edition.clauses) if edition else ""

    return trials.put(session, trial, ask)


def strays(session: Session, shelving: Shelving) -> int:
    return shelving.strays(kept_shelves(session))


def test_a_draft_is_opened_in_its_place_and_the_public_goes_on_with_the_release(
    session: Session, trials: Trials, holder: KnowledgeHolder
):
    make_draft(session)
    before = holder.current(session)
    assert OFFICIAL in text_of(trials, session, trial_of(session, "zhanhe"))
    assert holder.current(session) is before
    assert current_release(session).number == 1  # type: ignore[union-attr]
    assert session.scalar(select(func.count()).select_from(Release)) == 1


def test_one_draft_is_tried_alone_and_all_of_them_together(session: Session, trials: Trials):
    make_draft(session)
    bring_in(session)
    alone, together = trial_of(session, "zhanhe"), trial_of(session)
    assert "约谈" not in text_of(trials, session, alone, "shanqian")
    assert "约谈" in text_of(trials, session, together, "shanqian")
    assert OFFICIAL in text_of(trials, session, together)
    assert [row.instrument_id for row in drafts_to_try(session)] == ["zhanhe", "shanqian"]


def test_the_draft_on_the_desk_counts_and_not_what_it_was_imported_as(session: Session):
    bring_in(session)
    open_draft(session, "shanqian", actor=EDITOR)
    bring_in(session, imported_notice(title="又一次导入"))
    assert [row.title for row in drafts_to_try(session)] == ["宁波市柔性执法办法"]


def test_a_draft_brings_the_new_topics_that_it_carries_and_all_bring_every_change(session: Session):
    bring_in(session)
    open_draft(session, "shanqian", actor=EDITOR)
    for topic in ("record", "other"):
        new_topic(session, Topic(topic, f"话题{topic}", "说明"), actor=EDITOR)
    does(session, desk.add_topic("record"))
    assert set(trial_of(session, "shanqian").topics) == {"withdrawal", "record"}
    assert set(trial_of(session).topics) == {"withdrawal", "record", "other"}


def test_what_cannot_be_published_yet_is_left_out_and_told(session: Session):
    make_draft(session, "nowhere", region="", source="")
    trial = trial_of(session)
    assert "没有区域" in "".join(trial.untried)
    assert all(edition.instrument != "nowhere" for edition in trial.editions)


def test_an_instrument_without_a_draft_is_not_found(session: Session):
    with pytest.raises(NotFound):
        trial_of(session, "zhoushan")


def test_the_second_question_finds_the_trial_open_and_another_text_is_another_trial(
    session: Session, trials: Trials
):
    bring_in(session)
    open_draft(session, "shanqian", actor=EDITOR)
    trial = trial_of(session, "shanqian")
    first = trials.put(session, trial, lambda knowledge: knowledge)
    assert trials.put(session, trial_of(session, "shanqian"), lambda knowledge: knowledge) is first
    does(session, desk.write_askings(["后悔了怎么办"]))
    assert trials.put(session, trial_of(session, "shanqian"), lambda knowledge: knowledge) is not first


def test_only_what_changed_is_built_and_the_shelves_that_are_open_are_shared(
    session: Session, trials: Trials, holder: KnowledgeHolder, shelving: Shelving
):
    make_draft(session)
    shown = {shelf.region: shelf for shelf in holder.current(session).shelves}
    tried = trials.put(session, trial_of(session, "zhanhe"), lambda knowledge: knowledge)
    assert strays(session, shelving) == 1
    assert {s.region for s in tried.shelves if shown.get(s.region) is not s} == {ZHANHE}


def test_a_publication_of_the_same_draft_finds_its_shelf_there(
    session: Session, trials: Trials, shelving: Shelving
):
    make_draft(session)
    text_of(trials, session, trial_of(session, "zhanhe"))
    publish(session, shelving, actor="operator")
    assert strays(session, shelving) == 0


def test_a_trial_that_was_swept_is_built_again(session: Session, trials: Trials, shelving: Shelving):
    make_draft(session)
    trial = trial_of(session, "zhanhe")
    text_of(trials, session, trial)
    assert len(sweep(session, shelving)) == 1
    assert OFFICIAL in text_of(trials, session, trial), "what is open needs no shelf while it is small"
    fresh = Trials(KnowledgeHolder(shelving))
    assert OFFICIAL in text_of(fresh, session, trial)
    assert strays(session, shelving) == 1


def test_a_sweep_in_the_middle_of_a_question_is_survived_by_building_again(
    session: Session, trials: Trials, shelving: Shelving
):
    make_draft(session)
    asked = []

    def ask(knowledge: Any) -> int:
        asked.append(knowledge)
        if len(asked) == 1:
            sweep(session, shelving)
            raise ShelfMissingError("swept")
        return strays(session, shelving)

    assert trials.put(session, trial_of(session, "zhanhe"), ask) == 1
    assert asked[0] is not asked[1]


def test_a_sweep_while_the_shelf_is_being_built_is_survived_too(
    session: Session, trials: Trials, shelving: Shelving, monkeypatch: pytest.MonkeyPatch
):
    make_draft(session)
    opened, swept = type(shelving).open, []

    def swept_first(self: Shelving, *parts: Any) -> Any:
        if not swept:
            swept.append(sweep(session, shelving))
        return opened(self, *parts)

    monkeypatch.setattr(type(shelving), "open", swept_first)
    trials._holder.current(session)
    swept.clear()
    assert OFFICIAL in text_of(trials, session, trial_of(session, "zhanhe"))
    assert len(swept[0]) == 1


def test_one_that_is_swept_over_and_over_is_told(session: Session, trials: Trials):
    make_draft(session)

    def ask(_knowledge: Any) -> str:
        raise ShelfMissingError("swept")

    with pytest.raises(TrialGone):
        trials.put(session, trial_of(session, "zhanhe"), ask)


def test_shelves_of_trials_do_not_pile_up_and_a_publication_goes_first(
    session: Session, trials: Trials, shelving: Shelving, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("portal.library.desk.trial.policy", lambda: type("Few", (), {"trial_shelves": 1}))
    bring_in(session)
    open_draft(session, "shanqian", actor=EDITOR)

    def try_another(number: int) -> int:
        draft = needed_draft(session, "shanqian")
        clauses = (Clause("一", f"第 {number} 稿。"),)
        write_edition(draft, imported_notice(clauses=clauses))
        session.commit()
        assert f"第 {number} 稿" in text_of(trials, session, trial_of(session, "shanqian"), "shanqian")
        return strays(session, shelving)

    standing = [try_another(number) for number in range(KEPT + 4)]
    assert max(standing) <= KEPT + 2
    with publication_lock(session):
        assert try_another(99) >= 1


def test_a_region_that_only_a_draft_has_is_there_in_the_trial(session: Session, trials: Trials):
    bring_in(session)
    assert NINGBO in trials.put(session, trial_of(session), lambda knowledge: knowledge.regions())
    assert edition_of(drafts_to_try(session)[0]).region == NINGBO


def test_a_shelf_whose_folder_is_gone_is_no_reason_to_fail(
    session: Session, trials: Trials, shelving: Shelving
):
    make_draft(session)
    trial = trial_of(session, "zhanhe")
    text_of(trials, session, trial)
    for place in shelving.store.folder.iterdir():
        if place.name not in kept_shelves(session) | {"chroma"}:
            shutil.rmtree(place)
    assert OFFICIAL in text_of(Trials(KnowledgeHolder(shelving)), session, trial)
