"""The desk's page of shipped rules: what changed under them, and who compared them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for

from portal.accounts.current import actor, current_staff
from portal.accounts.forms import Answer, field_lines, problem_page, typed_form
from portal.database import current_session
from portal.errors import Problem
from portal.language import caller_language
from portal.library.desk.views import READERS
from portal.permissions import Permission, requires

from .checks import REMARK, count_open, open_checks, past_checks, read_seen, record_comparison
from .groups import groups_after
from .models import Result
from .shipped import rule_named

pages = Blueprint("rules", __name__, url_prefix="/staff/knowledge/rules")

COMPARERS = (Permission.KNOWLEDGE_EDIT, Permission.KNOWLEDGE_REVIEW)


@pages.get("")
@requires(*READERS)
def index() -> Answer:
    return _page()


@pages.post("")
@requires(*COMPARERS)
def compare() -> Answer:
    """Records that the rules that are ticked were compared with the new text."""
    seen = read_seen(request.form.getlist("check"))
    result, remark = request.form.get("result", ""), field_lines("remark")
    try:
        record_comparison(current_session(), seen, result, remark, actor=actor())
    except Problem as problem:
        current_session().rollback()
        return _page(problem)
    flash("rules.recorded")
    return redirect(url_for(".index"), 303)


@pages.app_context_processor
def rules() -> dict[str, object]:
    """For the desk: how many rules are still to be compared."""

    def rules_to_compare() -> int:
        return count_open(current_session())

    return {"rules_to_compare": rules_to_compare}


def _page(problem: Problem | None = None) -> tuple[str, int]:
    session = current_session()
    return problem_page(
        "staff/knowledge/rules.html",
        problem,
        groups=groups_after(session, open_checks(session), caller_language()),
        past=[(check, rule_named(check.rule)) for check in past_checks(session)],
        results=[result.value for result in Result],
        limit=REMARK,
        ticked=request.form.getlist("check"),
        typed=typed_form(),
        may_compare=current_staff().may(*COMPARERS),
        language=caller_language(),
    )
