"""An officer at a desk: signed in, with what its forms need, for the tests of cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.accounts.models import Role, Staff
from portal.applications import acts
from portal.applications.acts import Officer
from portal.applications.basis import BasisChange
from portal.applications.lifecycle import State
from portal.applications.models import Application
from portal.applications.numbers import AccessCode
from portal.calendar import today

from ..small import ZHANHE
from ..staff import AGENCY, make_staff, signed_in
from .cases import make_application

DAY = today().isoformat()
LATER = (today() + timedelta(days=10)).isoformat()

FORMS: dict[str, dict[str, Any]] = {
    "request_supplement": {"missing": ["time_place", "paper"], "text": "请写明检查的时间", "reply_by": LATER},
    "accept": {"text": "由我承办"},
    "refuse": {"ground": "not_competent", "clause": "实施意见 二（一）", "text": "应当向街道提出"},
    "measure": {
        "methods": ["coaching", "reminder"],
        "form": "written",
        "on": DAY,
        "text": "上门说明占道的规定",
        "due_on": LATER,
    },
    "commitment": {
        "facts": "摆放梯子占道",
        "basis": "城市市容管理条例 第十条",
        "education": "说明了占道的危害",
        "correction": "收回店内",
        "due_on": LATER,
    },
    "reinspection": {"on": DAY, "result": "passed", "text": "已收回"},
    "expert_opinion": {"expert": "某高工", "on": DAY, "text": "结构安全"},
    "issue_opinion": {
        "purpose": "帮助改正",
        "content": "请把梯子收回店内",
        "time": "2026年11月24日至12月1日",
        "object": "某某五金经营部",
        "officers": "李某 豫001\n王某 豫002",
        "basis": "实施意见 二（三）2",
        "due_on": LATER,
        "contact": "李某 0375-4920000",
    },
    "deliver": {"document": "", "way": "in_person", "on": DAY, "text": "本人签收"},
    "conclude": {"outcome": "guided", "text": "已改正", "violation": "no"},
    "terminate": {"ground": "harm", "clause": "二（三）3（2）", "text": "影响通行"},
    "hand_over": {"to": "湛河公安分局", "on": DAY, "text": "涉嫌犯罪"},
    "follow_up": {"way": "phone", "on": DAY, "corrected": "yes", "conduct": "good", "text": "没有意见"},
    "note": {"text": "电话问过", "public": ""},
    "paper_confirmation": {"name": "", "signed_on": DAY, "address": ""},
    "ask_colleague": {"colleague": "", "text": "请看一下"},
    "message": {"text": "请保持通行"},
    "assign": {"officer": ""},
    "check_basis": {"result": "goes_on", "text": "改动与本案无关"},
    "archive": {"text": ""},
}
"""What may be sent on each form as it stands, but for documents and colleagues."""


@dataclass(eq=False)
class Desk:
    """``staff`` at a client of their own, upon the record of ``session``."""

    client: FlaskClient
    staff: Staff
    session: Session
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def officer(self) -> Officer:
        return Officer(self.staff.id, self.staff.name, self.staff.agency_id)

    def page(self, address: str) -> BeautifulSoup:
        response = self.client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        return BeautifulSoup(response.text, "html.parser")

    def values(self, application: Application, form: str, /, **changes: Any) -> dict[str, Any]:
        """The form as it can be sent now, with the hidden fields of its page."""
        address = f"/staff/cases/{application.number}/{form.replace('_', '-')}"
        page = self.page(address)
        hidden = {i["name"]: i["value"] for i in page.select("main form input[type=hidden]")}
        values = {**FORMS[form], **hidden}
        if form == "deliver":
            values["document"] = page.select("#document option")[-1]["value"]
        for name in ("colleague", "officer"):
            if name in values:
                values[name] = str(self.staff.id)
        return {**values, **changes}

    def does(self, application: Application, form: str, /, **changes: Any) -> TestResponse:
        """Opens the form and sends it."""
        address = f"/staff/cases/{application.number}/{form.replace('_', '-')}"
        return self.client.post(address, data=self.values(application, form, **changes))

    def state(self, application: Application) -> str:
        self.session.rollback()
        self.session.expire_all()
        return application.state


def make_desk(app: Flask, session: Session, *, agency: str = AGENCY, region: str = ZHANHE) -> Desk:
    client = app.test_client()
    staff = signed_in(client, Role.OFFICER, agency=agency, region=region)
    return Desk(client, session.get_one(Staff, staff.id), session)


def make_officer(session: Session, agency: str = AGENCY) -> Officer:
    staff = make_staff(session, Role.OFFICER, agency=agency, region=ZHANHE)
    return Officer(staff.id, staff.name, staff.agency_id)


def bring_to(session: Session, state: State, officer: Officer, **changes: object) -> Application:
    """An application of the officer's agency, brought to a state by the acts that lead there."""
    if state is State.OFFERED:
        return acts.offer(session, ZHANHE, _offered(officer), officer, code=AccessCode.make())
    application = make_application(session, **changes)
    for form in _WAYS[state]:
        if form == "withdraw":
            acts.withdraw(session, application.id)
        else:
            acts.BY_FORM[form](session, application.id, content(form), officer)
    return application


def change_basis(session: Session, application: Application) -> None:
    """As if a release had touched what the case rests on."""
    change = BasisChange(
        application_id=application.id, open_for=application.id, against=1, release=1, parts=[]
    )
    session.add(change)
    session.commit()


def content(form: str, /, **changes: Any) -> dict[str, Any]:
    """What a checked form holds."""
    blank = {"due_on": "", "simple_case": "", "people": "", "admonition": [], "matter": "", "found_on": ""}
    said = {**blank, **FORMS[form], **changes}
    return {**said, "public": bool(said["public"])} if "public" in said else said


_WAYS: dict[State, tuple[str, ...]] = {
    State.SUBMITTED: (),
    State.SUPPLEMENT_REQUESTED: ("request_supplement",),
    State.ACCEPTED: ("accept",),
    State.REFUSED: ("refuse",),
    State.WITHDRAWN: ("withdraw",),
    State.TERMINATED: ("terminate",),
    State.CONCLUDED: ("accept", "conclude"),
    State.ARCHIVED: ("accept", "conclude", "archive"),
}


def _offered(officer: Officer) -> dict[str, object]:
    from .cases import make_values

    return make_values(correction="not_yet", wishes=["coaching"])
