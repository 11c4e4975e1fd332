"""Golden questions on the desk: found, added, changed, retired, run, brought in and given out."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    request,
    url_for,
)

from portal.accounts.current import actor, current_entry, current_staff
from portal.accounts.forms import Answer, problem_page
from portal.database import current_session
from portal.errors import FieldError, FieldErrors, NotFound, Problem
from portal.language import caller_language
from portal.library.desk.views import READERS
from portal.library.holder import knowledge_holder
from portal.permissions import Permission, requires
from portal.policy import policy

from .asking import Said, ask_one
from .form import Typed
from .keeping import add, bring_in, edit, find, given_out, set_enabled
from .listing import WITHOUT_REGION, Wanted, regions_in_use, shown
from .models import GoldenRow, Source
from .question import EXPECTED, GoldenFileError
from .validity import LANGUAGES

pages = Blueprint("golden", __name__, url_prefix="/staff/knowledge/golden")

MOST_BYTES = 4 * 1024 * 1024


@pages.url_value_preprocessor
def room_for_a_file(endpoint: str | None, _values: object) -> None:
    """A file of questions is larger than other forms; only someone with a session may send one."""
    if endpoint == "golden.take_file" and current_entry() is not None:
        request.max_content_length = request.max_form_memory_size = MOST_BYTES


@pages.get("")
@requires(*READERS)
def index() -> Answer:
    return _list()


@pages.get("/new")
@requires(Permission.KNOWLEDGE_EDIT)
def new() -> Answer:
    return _form(None, Typed())


@pages.post("/new")
@requires(Permission.KNOWLEDGE_EDIT)
def add_one() -> Answer:
    typed = Typed.of(request.form)
    try:
        row = add(current_session(), typed.question_like(None), actor=actor())
    except FieldErrors as wrong:
        return _form(None, typed, wrong)
    flash("golden.added")
    return _to(row)


@pages.post("/import")
@requires(Permission.KNOWLEDGE_EDIT)
def take_file() -> Answer:
    """Takes the questions of a file, or of lines pasted in; a file wins where there are both."""
    try:
        text = _sent()
        brought = bring_in(current_session(), text.split("\n"), actor=actor(), source=Source.FILE)
    except GoldenFileError as refused:
        wrong = FieldErrors(errors=[FieldError("file", "golden_file", {"reason": str(refused)})])
        return _list(wrong)
    added, changed = len(brought.added), len(brought.changed)
    return redirect(url_for(".index", added=added, changed=changed, same=brought.same), 303)


@pages.get("/export")
@requires(*READERS)
def export() -> Response:
    """Every question that is asked, as a file of lines."""
    response = make_response(given_out(current_session()).encode())
    response.headers["Content-Type"] = "application/x-ndjson; charset=utf-8"
    response.headers["Content-Disposition"] = "attachment; filename=golden.jsonl"
    return response


@pages.get("/questions/<name>")
@requires(*READERS)
def show(name: str) -> Answer:
    row = find(current_session(), name)
    return _form(row, Typed.showing(row.value))


@pages.post("/questions/<name>")
@requires(Permission.KNOWLEDGE_EDIT)
def change(name: str) -> Answer:
    row, typed = find(current_session(), name), Typed.of(request.form)
    version = request.form.get("version", "")
    seen = int(version) if version.isdecimal() and len(version) < 9 else 0
    try:
        edit(current_session(), row, typed.question_like(row.value), seen=seen, actor=actor())
    except Problem as problem:
        current_session().rollback()
        return _form(row, typed, problem)
    flash("golden.saved")
    return _to(row)


@pages.post("/questions/<name>/state")
@requires(Permission.KNOWLEDGE_EDIT)
def set_state(name: str) -> Answer:
    enabled = request.form.get("enabled") == "yes"
    row = set_enabled(current_session(), find(current_session(), name), enabled=enabled, actor=actor())
    flash("golden.restored" if enabled else "golden.retired")
    return _to(row)


@pages.post("/questions/<name>/run")
@requires(*READERS)
def run_one(name: str) -> Answer:
    """Asks one question of what the public sees now, as a release is checked, and shows how it fared."""
    row = find(current_session(), name)
    knowledge = knowledge_holder(current_app).current(current_session())
    return _form(row, Typed.showing(row.value), said=Said.of(ask_one(knowledge, row.value)))


def _sent() -> str:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return request.form.get("lines", "").replace("\r\n", "\n")
    try:
        return sent.stream.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise GoldenFileError("问题文件应为 UTF-8 编码。") from None


def _list(problem: Problem | None = None) -> tuple[str, int]:
    session, wanted = current_session(), Wanted.of(request.args)
    found = shown(session, wanted)
    if wanted.page > 1 and not found.rows:
        raise NotFound
    numbers = {n: request.args.get(n, "") for n in ("added", "changed", "same")}
    return problem_page(
        "staff/knowledge/golden.html",
        problem,
        found=found,
        wanted=wanted,
        regions=regions_in_use(session),
        without_region=WITHOUT_REGION,
        brought=numbers if all(n.isdecimal() and len(n) < 6 for n in numbers.values()) else None,
        lines=request.form.get("lines", ""),
        may_edit=current_staff().may(Permission.KNOWLEDGE_EDIT),
        bar=round(policy().golden_bar * 100),
    )


def _form(
    row: GoldenRow | None,
    typed: Typed,
    problem: Problem | None = None,
    *,
    said: Said | None = None,
) -> tuple[str, int]:
    return problem_page(
        "staff/knowledge/golden_question.html",
        problem,
        row=row,
        typed=typed,
        now=Typed.showing(row.value) if row is not None and problem and problem.status == 409 else None,
        said=said,
        expected=EXPECTED,
        languages=LANGUAGES,
        may_edit=current_staff().may(Permission.KNOWLEDGE_EDIT),
        language=caller_language(),
    )


def _to(row: GoldenRow) -> Answer:
    return redirect(url_for(".show", name=row.name), 303)
