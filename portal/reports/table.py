"""A report as it is laid out: groups of lines, a column for each month, and their sum. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from portal.applications.choice import method_ids, method_name
from portal.applications.lifecycle import Act
from portal.wording import Language, wording

from .figures import Figures
from .period import Period

Shown = tuple[tuple[str, tuple[str, ...]], ...]

GROUPS: tuple[tuple[str, Shown], ...] = (
    ("started", ((Act.SUBMIT, ()), (Act.OFFER, ()))),
    (
        "choice",
        (
            (Act.ACCEPT_OFFER, ()),
            (Act.DECLINE_OFFER, ()),
            (Act.CHANGE, ()),
            (Act.WITHDRAW, ()),
            (Act.STOP, ()),
            (Act.ASK_ORDINARY_PROCEDURE, ()),
        ),
    ),
    (
        "handling",
        (
            (Act.REQUEST_SUPPLEMENT, ()),
            (Act.ACCEPT, ()),
            (Act.REFUSE, ("refusal",)),
            ("measure", ("method",)),
            ("commitment", ()),
            (Act.COMMIT, ()),
            ("reinspection", ("reinspection",)),
            (Act.ISSUE_OPINION, ()),
            (Act.DELIVER, ()),
        ),
    ),
    (
        "ended",
        ((Act.CONCLUDE, ("outcome",)), (Act.TERMINATE, ("termination",)), (Act.HAND_OVER, ())),
    ),
    (
        "after",
        (
            (Act.FOLLOW_UP, ("corrected",)),
            (Act.RATE, ("rating",)),
            (Act.COMPLAIN, ()),
            ("answered", ()),
        ),
    ),
)
"""The figures in the order of a report; below a figure stand its kinds, as far as they occur."""

OF_AGENCIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("begun", (Act.SUBMIT, Act.OFFER)),
    ("accepted", (Act.ACCEPT, Act.ACCEPT_OFFER)),
    ("concluded", (Act.CONCLUDE,)),
    ("terminated", (Act.TERMINATE, Act.HAND_OVER)),
    ("taken_back", (Act.WITHDRAW, Act.STOP, Act.ASK_ORDINARY_PROCEDURE, Act.DECLINE_OFFER)),
    ("complained", (Act.COMPLAIN,)),
)
"""What is compared between agencies, each the sum of some figures."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure; ``under`` where it is a kind of the one above it."""

    label: str
    counts: tuple[int, ...]
    under: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` head the counts of each line; the last one is the sum since the year began."""

    columns: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Line, ...]], ...]


def table(found: Figures, period: Period, months: tuple[int, ...], language: Language) -> Table:
    """The report: of a month with the year up to it, or of a year month by month."""
    t = wording(language)
    spans: list[tuple[int, ...]] = [(m,) for m in ((period.month,) if period.month else months)]
    names = [str(t("figures.month", month=span[0])) for span in spans]
    spans.append(months)
    names.append(str(t("figures.year_to_date" if period.month else "figures.whole_year")))

    def line(figure: str, *, under: bool = False) -> Line:
        counts = tuple(found.count(figure, months=span) for span in spans)
        return Line(figure_words(figure, language), counts, under)

    groups = []
    for name, shown in GROUPS:
        lines = []
        for figure, kinds in shown:
            lines.append(line(figure))
            lines += [line(kind, under=True) for group in kinds for kind in found.names(group)]
        groups.append((str(t(f"figures.group.{name}")), tuple(lines)))
    return Table(tuple(names), tuple(groups))


def figure_words(figure: str, language: Language) -> str:
    """What a figure is called."""
    group, _, value = figure.rpartition(".")
    if not group:
        return wording(language).of("figures.line", figure)
    if group == "method":
        return method_name(value, language) if value in method_ids() else value
    return wording(language).of(f"case_option.{group}", value)
