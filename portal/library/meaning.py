"""What a typed condition means, in words: beside its own text, so that a person can tell a misreading."""

from __future__ import annotations

from knowledge import predicate as typed
from knowledge.predicate import Predicate
from portal.phrasing import date_words
from portal.wording import Wording


def meaning(predicate: Predicate | None, t: Wording) -> str:  # noqa: C901, PLR0911, PLR0912  a table
    """The meaning of a condition in the language of ``t``; without one, only the authority can judge it."""
    match predicate:
        case None | typed.Appraised():
            return t("meaning.officer")
        case typed.AllOf(parts):
            return t("meaning.and").join(meaning(part, t) for part in parts)
        case typed.AnyOf(parts):
            return t("meaning.or").join(meaning(part, t) for part in parts)
        case typed.FirstOffence():
            return _first(predicate, t)
        case typed.Lookback(months, basis, scope):
            return t("meaning.within", months=months, **_earlier(basis, scope, t))
        case typed.TimeBar(years):
            return t("meaning.time_bar", years=f"{years:g}")
        case typed.ActMinor(markedly):
            return t("meaning.markedly_minor" if markedly else "meaning.minor")
        case typed.HarmIs(at_most, aspect):
            return t("meaning.aspect", aspect=aspect) if aspect else t(f"meaning.harm.{at_most}")
        case typed.Corrected():
            return _corrected(predicate, t)
        case typed.NoFault(provable):
            return t("meaning.no_fault" if provable else "meaning.no_intent")
        case typed.AmountAtMost(yuan, strict, per):
            return t(_bound("amount", strict), value=f"{yuan:,.15g}", per=_per(per, t))
        case typed.QuantityAtMost(value, unit, strict, per):
            return t(_bound("quantity", strict), value=f"{value:g}", unit=unit, per=_per(per, t))
        case typed.DurationAtMost(days, strict):
            return t(_bound("duration", strict), value=f"{days:g}")
        case typed.DoneByDate(deed, day, limit):
            return t(
                f"meaning.by_date.{deed}", day=date_words(day, t.language), limit=t(f"meaning.limit.{limit}")
            )
        case typed.BusinessAgeAtMost(start, days, strict):
            return t(_bound(str(start), strict), value=f"{days:g}")
        case typed.AgeIs(at_least, below):
            return t("meaning.age", at_least=at_least, below=below)
        case typed.Incapacity():
            return t("meaning.incapacity")
        case typed.MitigatedBy(ground):
            return t(f"meaning.mitigation.{ground}")
        case typed.Attested(_, text):
            return t("meaning.told", text=text)
        case _:
            return t("meaning.other")


def _first(predicate: typed.FirstOffence, t: Wording) -> str:
    earlier = _earlier(predicate.basis, predicate.scope, t)
    words = (
        t("meaning.within", months=predicate.window_months, **earlier)
        if predicate.window_months
        else t("meaning.ever", **earlier)
    )
    notes = [
        *([t("meaning.since_list")] if predicate.since_list else []),
        *([t(f"meaning.territory.{predicate.territory}")] if predicate.territory else []),
        *([t("meaning.counts_exempt")] if predicate.counts_prior_exemption else []),
    ]
    return t("meaning.noted", words=words, notes=t("meaning.and").join(notes)) if notes else words


def _earlier(basis: typed.Basis, scope: typed.Scope, t: Wording) -> dict[str, str]:
    return {"basis": t(f"meaning.basis.{basis}"), "scope": t(f"meaning.scope.{scope}")}


def _corrected(predicate: typed.Corrected, t: Wording) -> str:
    if predicate.hours is not None:
        return t("meaning.corrected.hours", hours=f"{predicate.hours:g}")
    if predicate.days is None:
        return t(f"meaning.corrected.{predicate.term}")
    name = "meaning.corrected.working_days" if predicate.working_days else "meaning.corrected.days"
    return t(name, days=predicate.days)


def _bound(what: str, strict: bool) -> str:
    return f"meaning.{what}_{'under' if strict else 'at_most'}"


def _per(per: str, t: Wording) -> str:
    return t("meaning.per", per=per) if per else ""
