"""The house rules of the tree, read off the syntax of every module."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("knowledge", "bot", "portal")
MAY_IMPORT = {
    "knowledge": {"knowledge"},
    "bot": {"bot", "knowledge"},
    "portal": {"portal", "bot", "knowledge"},
}

HOMES = {
    "chromadb": ("knowledge/vectors.py",),
    "sentence_transformers": ("knowledge/embed.py", "knowledge/training/"),
    "torch": ("knowledge/embed.py", "knowledge/training/"),
    "sklearn": ("knowledge/training/", "bot/training/"),
    "langchain": ("bot/model.py",),
    "langchain_openai": ("bot/model.py",),
    "langchain_core": ("bot/model.py", "knowledge/retriever.py"),
    "flask": ("portal/",),
    "flask_wtf": ("portal/",),
    "werkzeug": ("portal/",),
    "sqlalchemy": ("portal/",),
    "alembic": ("portal/schema.py", "portal/migrations/"),
    "argon2": ("portal/accounts/passwords.py",),
    "pyotp": ("portal/accounts/totp.py",),
    "authlib": ("portal/parties/provider.py",),
    "joserfc": ("portal/parties/provider.py",),
    "requests": ("portal/parties/provider.py",),
    "qrcode": ("portal/accounts/totp.py",),
    "cryptography": ("portal/keys.py", "portal/settings.py", "portal/uploads/sealing.py"),
    "prometheus_client": ("portal/metrics.py",),
    "structlog": ("portal/logs.py",),
    "huey": ("portal/jobs.py",),
    "limits": ("portal/throttle.py",),
    "jsonschema": ("portal/bodies.py",),
    "smtplib": ("portal/mail/relay.py",),
    "click": (
        "portal/commands.py",
        "portal/accounts/commands.py",
        "portal/applications/commands.py",
        "portal/chat/commands.py",
        "portal/library/commands.py",
        "portal/mail/commands.py",
        "portal/uploads/commands.py",
    ),
    "chinese_calendar": ("portal/applications/deadlines.py",),
    "bm25s": ("knowledge/lexical.py",),
    "docx": ("knowledge/parse/", "portal/documents/layout.py"),
    "docxtpl": ("portal/documents/word.py",),
    "typst": ("portal/documents/pdf.py",),
    "jinja2": ("portal/documents/word.py",),
    "pdfplumber": ("knowledge/parse/",),
    "pypdfium2": ("knowledge/parse/pdf_drawing.py",),
    "openpyxl": ("knowledge/parse/",),
    "bs4": ("knowledge/parse/",),
}
"""Where each outside library may be imported. Benchmarks and tests are free."""

READS_THE_ENVIRONMENT = {
    "portal/workbench.py",  # hands the environment to Settings.from_env
    "portal/schema.py",  # the same, for Alembic's own command
}


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every imported top-level name of a module, relative ones resolved, and whether at module level."""
    tree = ast.parse(path.read_text("utf-8"))
    package = path.relative_to(ROOT).parts[0]
    inside = {
        id(n)
        for f in ast.walk(tree)
        if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef)
        for n in ast.walk(f)
    }
    typing_only = {
        id(n)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for n in ast.walk(block)
    }
    for node in ast.walk(tree):
        top = id(node) not in inside and id(node) not in typing_only
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (package if node.level else (node.module or "").partition(".")[0]), top


def test_imports_run_from_portal_to_bot_to_knowledge():
    strays = [
        f"{name_of(path)} imports {name}"
        for path in modules()
        for name, _ in imports(path)
        if name in PACKAGES and name not in MAY_IMPORT[path.relative_to(ROOT).parts[0]]
    ]
    assert strays == []


def test_every_outside_library_stays_in_its_home():
    strays = [
        f"{name_of(path)} imports {library}"
        for path in modules()
        for library, _ in imports(path)
        if library in HOMES and not name_of(path).startswith(HOMES[library])
    ]
    assert strays == []


def test_heavy_libraries_are_imported_where_they_are_used():
    heavy = {
        "chromadb",
        "torch",
        "sentence_transformers",
        "langchain",
        "langchain_openai",
        "sklearn",
        "pdfplumber",
        "pypdfium2",
        "docxtpl",
        "typst",
        "authlib",
        "joserfc",
        "huey",
    }
    early = [
        f"{name_of(path)} imports {library} at its top"
        for path in modules()
        if "/training/" not in name_of(path)
        for library, at_the_top in imports(path)
        if at_the_top and library in heavy
    ]
    assert early == []


def test_only_the_settings_read_the_environment():
    readers = {
        name_of(path) for path in modules() if re.search(r"os\.environ|getenv", path.read_text("utf-8"))
    }
    assert readers <= READS_THE_ENVIRONMENT


def test_no_module_is_named_for_having_no_subject():
    subjectless = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base"}
    assert [name_of(path) for path in modules() if path.stem in subjectless] == []


def test_no_module_of_the_portal_assigns_a_state_outside_its_lifecycle():
    """An edition's state changes where it is published or imported and in the acts of the desk, an
    application's in its acts."""
    found = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            named = [t for target in targets for t in ast.walk(target)]
            if any(isinstance(t, ast.Attribute) and t.attr == "state" for t in named):
                found.add(name_of(path))
    assert found <= {
        "portal/library/publication.py",
        "portal/library/importing.py",
        "portal/library/desk/models.py",  # a draft's state is its edition's
        "portal/library/desk/drafts.py",
        "portal/library/desk/review.py",
        "portal/library/desk/release.py",
        "portal/library/desk/topic_changes.py",
        "portal/applications/acts/case.py",
    }


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        (
            "import portal.commands",
            ("torch", "chromadb", "langchain", "langchain_core", "sentence_transformers"),
        ),
        ("import bot, bot.pipeline", ("torch", "chromadb", "langchain", "flask", "sqlalchemy")),
        ("import knowledge.library", ("torch", "chromadb", "langchain", "flask", "sqlalchemy", "bot")),
        (
            "from portal import create_app\nfrom portal.settings import Settings\n"
            "create_app(Settings.from_env({'ROUWEN_DATA': DATA}))",
            ("torch", "chromadb", "langchain", "langchain_core", "sentence_transformers"),
        ),
    ],
)
def test_importing_does_nothing_heavy(statement: str, absent: tuple[str, ...], tmp_path: Path):
    check = f"import sys\nprint([n for n in {absent!r} if n in sys.modules])"
    program = f"DATA = {str(tmp_path)!r}\n{statement}\n{check}"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
