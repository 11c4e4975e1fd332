"""Publishing, checking and going back are jobs: asked for once, done in the asker's name, told truly."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import create_app
from portal.accounts.models import Role, Staff, StaffRole
from portal.database import Database, now
from portal.errors import FieldError, FieldErrors, problem_of
from portal.jobs import JobQueue, JobRules, job_queue, job_rules
from portal.journal import JournalEntry
from portal.library.desk.jobs import asking, running, views
from portal.library.desk.jobs.asking import Wish, ask_for, hand_over_waiting
from portal.library.desk.jobs.joining import start_jobs
from portal.library.desk.jobs.models import JobAct, JobState, ReleaseJob
from portal.library.desk.jobs.refusal import Refused, kept_problem
from portal.library.desk.jobs.running import run
from portal.library.desk.jobs.standing import Standing, standing
from portal.library.desk.release import publish_approved
from portal.library.desk.review import SamePerson
from portal.library.holder import knowledge_holder
from portal.library.lock import publication_lock, this_process
from portal.library.progress import Stage
from portal.library.record import current_release
from portal.library.shelving import Shelving
from portal.settings import Settings
from portal.wording import Language

from .desk import PUBLISHER
from .golden import keep, make_question, rewritten
from .small import TinyEmbedder
from .staff import make_staff, send, signed_in
from .test_golden_gate import REWORDED, TALK, WORSE

RELEASES = "/staff/knowledge/releases"
JOBS = f"{RELEASES}/jobs"
DEAD = f"{this_process().partition(':')[0]}:999999999:1"


@pytest.fixture
def queued(app: Flask) -> Flask:
    """The portal with a queue that nobody takes anything from."""
    job_queue(app).at_once = False
    return app


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who presses the button is not kept waiting."""
    _rules(monkeypatch, wait_seconds=0)


@pytest.fixture
def ready(session: Session) -> Session:
    """A draft that was approved, and two golden questions that it leaves alone."""
    keep(session, make_question("a"), TALK)
    rewritten(session, REWORDED)
    return session


def _rules(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    rules: JobRules = replace(job_rules(), **changes)
    monkeypatch.setattr(views, "job_rules", lambda: rules)


def someone(app: Flask, *roles: Role) -> tuple[FlaskClient, str]:
    client = app.test_client()
    return client, signed_in(client, *roles).name


def page_of(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status, response.text[:500]
    return BeautifulSoup(response.text, "lxml")


def presses(client: FlaskClient, act: str = "publish", **fields: Any) -> Any:
    return send(client, f"{RELEASES}/{act}", RELEASES, **{"subject": "zhanhe", **fields})


def jobs(session: Session) -> list[ReleaseJob]:
    session.expire_all()
    return list(session.scalars(select(ReleaseJob).order_by(ReleaseJob.id)))


def make_job(session: Session, act: JobAct = JobAct.PUBLISH, **values: Any) -> ReleaseJob:
    """A job as it stands in the record, waiting unless told otherwise."""
    wish = Wish(act, values.pop("asked_by", PUBLISHER), ("zhanhe",))
    job = ReleaseJob(
        act=act.value,
        asked_by=wish.asked_by,
        subjects=["zhanhe"],
        titles=["湛河区柔性执法办法"],
        content=wish.content,
    )
    session.add(job)
    session.flush()
    session.execute(update(ReleaseJob).where(ReleaseJob.id == job.id).values(**values or {"part": 0}))
    session.commit()
    session.refresh(job)
    return job


def running_job(session: Session, **values: Any) -> ReleaseJob:
    pulse = {"state": JobState.RUNNING.value, "beat_at": now(), "worker": this_process()}
    return make_job(session, **{**pulse, **values})


def number_now(session: Session) -> int:
    session.expire_all()
    release = current_release(session)
    assert release is not None
    return release.number


# Asking.


def test_a_job_is_done_behind_the_page_by_the_consumer_of_any_process(
    queued: Flask, settings: Settings, ready: Session, monkeypatch: pytest.MonkeyPatch
):
    _rules(monkeypatch, wait_seconds=60)
    publisher, name = someone(queued, Role.PUBLISHER)
    elsewhere = create_app(settings)
    knowledge_holder(elsewhere).shelving.embedder = TinyEmbedder()
    consuming = start_jobs(elsewhere)
    try:
        done = presses(publisher, note="新词")
    finally:
        assert consuming.stop()
        elsewhere.extensions["rouwen.database"].engine.dispose()
    assert (done.status_code, done.headers["Location"]) == (303, RELEASES)
    assert "已发布，公众现在看到的是新内容" in page_of(publisher, RELEASES).select_one(".banner").text
    made = current_release(ready)
    assert made is not None
    assert (made.number, made.made_by, made.reason) == (2, name, "新词")
    (job,) = jobs(ready)
    assert (job.state, job.release, job.asked_by) == ("done", 2, name)
    told = ready.scalars(select(JournalEntry).where(JournalEntry.act == "release.publish")).all()
    assert [entry.actor for entry in told] == [name]


@pytest.mark.usefixtures("hurried")
def test_a_job_that_takes_longer_has_a_page_that_can_be_left_and_found_again(queued: Flask, ready: Session):
    publisher, name = someone(queued, Role.PUBLISHER)
    editor, _ = someone(queued, Role.EDITOR)
    address = presses(publisher).headers["Location"]
    assert address == f"{JOBS}/{jobs(ready)[0].id}"
    page = page_of(publisher, address)
    assert "正在排队" in page.select_one(".job").text
    assert page.select_one("noscript meta[http-equiv=refresh]") is not None
    for who in (publisher, editor):
        link = page_of(who, RELEASES).select_one(".job-notice a")
        assert link["href"] == address
    assert name in page_of(editor, address).text


def test_only_who_may_read_the_desk_sees_a_job(app: Flask, client: FlaskClient, session: Session):
    job = running_job(session)
    address = f"{JOBS}/{job.id}"
    assert client.get(address).status_code == 303
    for role in (Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR):
        assert someone(app, role)[0].get(address).status_code == 403
    for role in (Role.EDITOR, Role.REVIEWER, Role.PUBLISHER):
        assert someone(app, role)[0].get(address).status_code == 200
    assert someone(app, Role.EDITOR)[0].get(f"{JOBS}/99").status_code == 404


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("token", ["the-same-form", ""], ids=["the same form", "another form"])
def test_pressing_twice_is_one_job(queued: Flask, ready: Session, token: str):
    publisher, _ = someone(queued, Role.PUBLISHER)
    pages = {presses(publisher, once=token).headers["Location"] for _ in range(2)}
    assert len(pages) == len(jobs(ready)) == 1


def test_the_same_form_sent_again_after_the_end_is_told_the_end(app: Flask, ready: Session):
    publisher, _ = someone(app, Role.PUBLISHER)
    presses(publisher)
    for _ in range(2):
        back = presses(publisher, "1/rollback", reason="有误", once="one-form")
        assert (back.status_code, back.headers["Location"]) == (303, RELEASES)
    assert (number_now(ready), len(jobs(ready))) == (3, 2)


def test_a_check_may_be_made_again_from_the_same_form(app: Flask, ready: Session):
    publisher, _ = someone(app, Role.PUBLISHER)
    made = [presses(publisher, "check", once="one-form").headers["Location"] for _ in range(2)]
    assert made == ["/staff/knowledge/checks/1", "/staff/knowledge/checks/2"]


def test_the_form_of_a_job_that_was_refused_may_be_sent_again(app: Flask, ready: Session, database: Database):
    publisher, _ = someone(app, Role.PUBLISHER)
    with database.session() as other, publication_lock(other):
        refused = presses(publisher, once="one-form")
    assert refused.status_code == 409
    assert "另一项发布、退回或者检查正在进行" in refused.text
    assert presses(publisher, once="one-form").status_code == 303
    assert [job.state for job in jobs(ready)] == ["refused", "done"]


def test_another_wish_or_another_person_is_another_job(queued: Flask, ready: Session):
    queue = job_queue(queued)
    wishes = [
        Wish(JobAct.PUBLISH, PUBLISHER, ("zhanhe",)),
        Wish(JobAct.CHECK, PUBLISHER, ("zhanhe",)),
        Wish(JobAct.PUBLISH, "publisher-sun", ("zhanhe",)),
        Wish(JobAct.PUBLISH, PUBLISHER, ("zhanhe",), {"zhanhe": "2"}),
        Wish(JobAct.PUBLISH, PUBLISHER, ("zhanhe",), reason="另有原因"),
        Wish(JobAct.ROLLBACK, PUBLISHER, of_release=1, reason="有误"),
    ]
    made = [ask_for(ready, queue, wish, token="one-form").id for wish in (*wishes, *wishes)]
    assert made[:6] == made[6:]
    assert len(set(made)) == 6


def test_what_can_be_refused_at_once_makes_no_job(app: Flask, ready: Session):
    publisher, _ = someone(app, Role.PUBLISHER)
    asked = [
        presses(publisher, subject=[]),
        presses(publisher, note="长" * 501),
        presses(publisher, seen="zhanhe@0"),
        presses(publisher, "check", subject="nothing"),
        presses(publisher, "1/rollback", reason=" "),
        presses(publisher, "99/rollback", reason="有误"),
    ]
    assert [refused.status_code for refused in asked] == [409, 422, 409, 409, 422, 409]
    assert jobs(ready) == []


def test_old_jobs_are_let_go(queued: Flask, ready: Session, monkeypatch: pytest.MonkeyPatch):
    old = make_job(ready, state="done", asked_at=now() - timedelta(days=1))
    rules = replace(job_rules(), kept=1)
    monkeypatch.setattr(asking, "job_rules", lambda: rules)
    new = ask_for(ready, job_queue(queued), Wish(JobAct.CHECK, PUBLISHER, ("zhanhe",)))
    assert [job.id for job in jobs(ready)] == [new.id]
    assert old.id != new.id


# Doing.


def test_progress_is_told_by_the_work_itself(ready: Session, shelving: Shelving):
    told: list[tuple[Stage, int, int]] = []
    publish_approved(ready, shelving, actor=PUBLISHER, progress=lambda *at: told.append(at))
    assert told == [
        (Stage.SHELVES, 1, 1),
        (Stage.ASKING_NOW, 1, 2),
        (Stage.ASKING_NOW, 2, 2),
        (Stage.ASKING_NEXT, 1, 2),
        (Stage.ASKING_NEXT, 2, 2),
        (Stage.RELEASE, 0, 0),
    ]


def test_the_row_tells_how_far_the_work_is_while_it_goes_on(
    app: Flask, ready: Session, database: Database, shelving: Shelving, monkeypatch: pytest.MonkeyPatch
):
    publisher, name = someone(app, Role.PUBLISHER)
    job = make_job(ready, asked_by=name)
    seen: list[str] = []
    build = Shelving.build

    def looked_at(self: Shelving, *given: Any) -> str:
        while not (part := page_of(publisher, f"{JOBS}/{job.id}").select_one("#job-part").text.strip()):
            pass
        seen.append(part)
        return build(self, *given)

    monkeypatch.setattr(Shelving, "build", looked_at)
    run(database, shelving, job.id)
    assert seen == ["第 1 个，共 1 个"]
    assert jobs(ready)[0].state == "done"


def test_a_job_is_done_once_however_often_it_is_taken(
    app: Flask, ready: Session, database: Database, shelving: Shelving
):
    _, name = someone(app, Role.PUBLISHER)
    job = make_job(ready, asked_by=name)
    for _ in range(3):
        run(database, shelving, job.id)
    run(database, shelving, 99)
    assert number_now(ready) == 2


def _takes_the_role(session: Session, name: str) -> None:
    person = session.scalars(select(Staff).where(Staff.name == name)).one()
    for grant in session.scalars(select(StaffRole).where(StaffRole.staff_id == person.id)):
        session.delete(grant)


def _deactivates(session: Session, name: str) -> None:
    session.execute(update(Staff).where(Staff.name == name).values(active=False))


@pytest.mark.parametrize("change", [_takes_the_role, _deactivates])
def test_who_may_not_publish_any_more_does_not_through_a_job_either(
    app: Flask, ready: Session, database: Database, shelving: Shelving, change: Callable[[Session, str], None]
):
    _, name = someone(app, Role.PUBLISHER)
    job = make_job(ready, asked_by=name)
    change(ready, name)
    ready.commit()
    run(database, shelving, job.id)
    (job,) = jobs(ready)
    assert (job.state, job.problem["slug"], number_now(ready)) == ("refused", "forbidden", 1)


def test_every_check_is_made_again_at_the_act(
    app: Flask, ready: Session, database: Database, shelving: Shelving
):
    _, name = someone(app, Role.PUBLISHER)
    with database.session() as other:
        make_staff(other, Role.PUBLISHER, name="editor-wang")
    seen = make_job(ready, asked_by=name, seen={"zhanhe": "0"})
    same = make_job(ready, asked_by="editor-wang")
    none = make_job(ready, asked_by=name, subjects=["nothing"])
    for job in (seen, same, none):
        run(database, shelving, job.id)
    problems = [job.problem["slug"] for job in jobs(ready)]
    assert (problems, number_now(ready)) == (["not_published", "same_person", "not_published"], 1)


def test_a_release_that_falls_short_leads_to_its_check(app: Flask, session: Session):
    keep(session, make_question("a"))
    rewritten(session, WORSE)
    publisher, _ = someone(app, Role.PUBLISHER)
    pressed = presses(publisher, note="新词")
    assert (pressed.status_code, "没有达到标准" in pressed.text) == (409, True)
    (job,) = jobs(session)
    page = page_of(publisher, f"{JOBS}/{job.id}")
    assert "没有达到标准" in page.select_one("#trouble").text
    assert page.select_one(".check-outcome.blocked") is not None


def test_a_refusal_is_shown_on_the_page_of_the_job_as_where_the_button_was_pressed(
    app: Flask, ready: Session, database: Database, shelving: Shelving, monkeypatch: pytest.MonkeyPatch
):
    _rules(monkeypatch, wait_seconds=0)
    publisher, _ = someone(app, Role.PUBLISHER)
    presses(publisher)
    job_queue(app).at_once = False
    address = presses(publisher, "1/rollback", reason="先撤下").headers["Location"]
    with database.session() as other, publication_lock(other):
        run(database, shelving, jobs(ready)[1].id)
    page = page_of(publisher, address)
    assert "另一项发布、退回或者检查正在进行" in page.select_one("#trouble").text
    assert page.select_one("details[open] [name=reason]")["value"] == "先撤下"
    assert page_of(publisher, f"{address}?look=1").select_one("[data-job]") is None
    notice = page_of(publisher, RELEASES).select_one(".job-notice.ended a")
    assert notice["href"] == address
    other_publisher, _ = someone(app, Role.PUBLISHER)
    assert page_of(other_publisher, RELEASES).select_one(".job-notice") is None


def test_an_error_that_nobody_foresaw_ends_the_job_and_says_that_nothing_changed(
    app: Flask, ready: Session, monkeypatch: pytest.MonkeyPatch
):
    def breaks(*_given: object, **_more: object) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(running, "publish_approved", breaks)
    publisher, _ = someone(app, Role.PUBLISHER)
    page = page_of(publisher, presses(publisher).headers["Location"])
    assert "没有完成，内容没有变" in page.select_one(".job.failed").text
    assert "secret words" not in page.text
    monkeypatch.undo()
    form = page.select_one(".job form")
    fields = {field["name"]: field["value"] for field in form.select("input")}
    assert publisher.post(form["action"], data=fields).status_code == 303
    assert number_now(ready) == 2


def test_a_record_that_does_not_answer_does_not_end_the_consumer(
    ready: Session, database: Database, shelving: Shelving, monkeypatch: pytest.MonkeyPatch
):
    def fails(*_given: object) -> None:
        raise OSError

    monkeypatch.setattr(running, "_taken", fails)
    run(database, shelving, 1)
    assert number_now(ready) == 1


# Where a job stands.


def test_a_job_whose_process_is_gone_is_not_finished_and_can_be_pressed_again(app: Flask, ready: Session):
    publisher, name = someone(app, Role.PUBLISHER)
    job = running_job(ready, asked_by=name, worker=DEAD, stage="shelves", part=1, parts=2)
    assert standing(job) is Standing.LOST
    page = page_of(publisher, f"{JOBS}/{job.id}")
    assert "没有完成，内容没有变" in page.select_one(".job.failed").text
    assert page.select_one("noscript") is None
    assert "没有完成" in page_of(publisher, RELEASES).select_one(".job-notice.ended").text
    ready.execute(update(ReleaseJob).values(asked_at=now() - timedelta(hours=job_rules().told_hours)))
    ready.commit()
    assert page_of(publisher, RELEASES).select_one(".job-notice") is None
    form = page.select_one(".job form")
    fields = {field["name"]: field["value"] for field in form.select("input")}
    done = publisher.post(form["action"], data=fields)
    assert (done.headers["Location"], number_now(ready)) == (RELEASES, 2)
    assert page_of(publisher, RELEASES).select_one(".job-notice") is None
    reviewer, _ = someone(app, Role.REVIEWER)
    assert page_of(reviewer, f"{JOBS}/{job.id}").select_one(".job form") is None


def test_a_pulse_counts_for_a_process_of_another_machine(session: Session):
    job = running_job(session, worker="elsewhere:12:1")
    assert standing(job) is Standing.RUNNING
    job.beat_at = now() - timedelta(seconds=job_rules().lost_seconds + 1)
    assert standing(job) is Standing.LOST


def test_a_process_that_died_after_its_release_was_there_is_done(app: Flask, session: Session):
    publisher, _ = someone(app, Role.PUBLISHER)
    job = running_job(session, worker=DEAD, release=1)
    assert standing(job) is Standing.DONE
    assert publisher.get(f"{JOBS}/{job.id}").headers["Location"] == RELEASES


def test_a_job_that_is_no_longer_news_says_so(app: Flask, ready: Session):
    publisher, _ = someone(app, Role.PUBLISHER)
    presses(publisher)
    presses(publisher, "1/rollback", reason="有误")
    page = page_of(publisher, f"{JOBS}/{jobs(ready)[0].id}")
    assert "已经完成" in page.select_one(".job").text
    assert page_of(publisher, f"{JOBS}/{jobs(ready)[0].id}").select_one(".banner") is None


def test_a_check_that_was_made_leads_to_what_it_showed(app: Flask, ready: Session):
    publisher, _ = someone(app, Role.PUBLISHER)
    shown = presses(publisher, "check").headers["Location"]
    (job,) = jobs(ready)
    assert shown == f"/staff/knowledge/checks/{job.check}"
    assert publisher.get(f"{JOBS}/{job.id}").headers["Location"] == shown


@pytest.mark.parametrize(
    ("waited", "stands", "words"),
    [
        (timedelta(seconds=1), Standing.WAITING, "正在排队"),
        (timedelta(seconds=job_rules().unheard_seconds + 1), Standing.UNHEARD, "还没有开始"),
        (timedelta(minutes=job_rules().start_within_minutes, seconds=1), Standing.NEVER, "没有开始"),
    ],
)
def test_a_job_that_nobody_takes_says_so_after_a_while(
    app: Flask, session: Session, waited: timedelta, stands: Standing, words: str
):
    publisher, _ = someone(app, Role.PUBLISHER)
    job = make_job(session, asked_at=now() - waited)
    assert standing(job) is stands
    page = page_of(publisher, f"{JOBS}/{job.id}")
    assert words in page.select_one("#job-standing").text
    assert (page.select_one(".job form") is None) == (stands is not Standing.NEVER)


def test_what_waited_too_long_is_not_published_out_of_the_blue(
    ready: Session, app: Flask, database: Database, shelving: Shelving
):
    _, name = someone(app, Role.PUBLISHER)
    job = make_job(ready, asked_by=name, asked_at=now() - timedelta(hours=1))
    run(database, shelving, job.id)
    assert (jobs(ready)[0].state, number_now(ready)) == ("waiting", 1)


def test_a_fresh_consumer_takes_up_what_the_queue_forgot(app: Flask, ready: Session):
    _, name = someone(app, Role.PUBLISHER)
    make_job(ready, asked_by=name)
    hand_over_waiting(ready, job_queue(app))
    assert number_now(ready) == 2


# The queue.


def test_making_the_portal_opens_no_queue(settings: Settings):
    create_app(settings)
    assert not (settings.data / "jobs.db").exists()


@pytest.mark.usefixtures("hurried")
def test_the_queue_carries_nothing_but_a_number_and_as_plain_text(
    queued: Flask, settings: Settings, ready: Session
):
    if settings.redis_url:
        pytest.skip("the queue stands in Redis")
    publisher, _ = someone(queued, Role.PUBLISHER)
    presses(publisher, note="不该进队列的话")
    with sqlite3.connect(settings.data / "jobs.db") as connection:
        ((data,),) = connection.execute("SELECT data FROM task").fetchall()
    message = json.loads(data)
    assert [jobs(ready)[0].id] in message
    assert "不该" not in json.dumps(message, ensure_ascii=False)


def test_a_message_that_nobody_can_read_does_not_stop_the_consumer(
    queued: Flask, settings: Settings, ready: Session, monkeypatch: pytest.MonkeyPatch
):
    if settings.redis_url:
        pytest.skip("the queue stands in Redis")
    _rules(monkeypatch, wait_seconds=60)
    publisher, _ = someone(queued, Role.PUBLISHER)
    queue = job_queue(queued)
    queue.hand_over(98)  # a job that is on no record
    with sqlite3.connect(settings.data / "jobs.db") as connection:
        (name,) = connection.execute("SELECT queue FROM task").fetchone()
        connection.execute("INSERT INTO task (queue, data, priority) VALUES (?, ?, 9)", (name, b"not JSON"))
    consuming = start_jobs(queued)
    try:
        assert presses(publisher).headers["Location"] == RELEASES
    finally:
        assert consuming.stop()


def test_a_job_waits_on_record_while_its_queue_does_not_answer(settings: Settings, ready: Session):
    gone = JobQueue(replace(settings, redis_url="redis://127.0.0.1:1/0"), "secret", lambda _number: None)
    job = ask_for(ready, gone, Wish(JobAct.PUBLISH, PUBLISHER, ("zhanhe",)))
    assert standing(job) is Standing.WAITING
    done: list[int] = []
    answers = JobQueue(settings, "secret", done.append)
    answers.at_once = True
    assert ask_for(ready, answers, Wish(JobAct.PUBLISH, PUBLISHER, ("zhanhe",))).id == job.id
    assert done == [job.id]


def test_a_refusal_is_kept_word_for_word():
    wrong = FieldErrors(errors=[FieldError("reason", "too_long", {"limit": 500, "length": 501})])
    for problem in (SamePerson(who="王芳"), wrong, problem_of(RuntimeError())):
        kept = Refused(json.loads(json.dumps(kept_problem(problem))))
        for language in Language:
            assert (kept.status, kept.title(language), kept.sentence(language)) == (
                problem.status,
                problem.title(language),
                problem.sentence(language),
            )
