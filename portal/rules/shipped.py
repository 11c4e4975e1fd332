"""Every shipped rule that rests on a notice which agencies publish in editions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache

from knowledge.clause import ClauseRef
from knowledge.programme import Programme, load_programmes
from portal.applications.case_forms import region_options
from portal.applications.choice import Term, method_name, terms_of
from portal.library.making.rules import making_rules
from portal.wording import Language, wording

from .rule import Rule, RuleKind

SHOWN_TOGETHER = ("barred_sectors", "strict_sectors")
"""Rules of a programme that name a clause for each of several fields; those of one clause are one rule."""


OFFERED = {"simple_form": "simple_case", "termination": "termination"}
"""Rules of a programme whose choices on the forms of a case differ by region."""


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """The rules in the order of their regions: what people are told first, then what decides."""
    rules: list[Rule] = []
    for programme in load_programmes().values():
        rules += [*_told(programme), *_of_programme(programme)]
    return (*rules, *_of_making())


def rule_named(rule: str) -> Rule | None:
    """The rule of this id; None where this version of the portal no longer has it."""
    return next((held for held in shipped_rules() if held.id == rule), None)


def _told(programme: Programme) -> Iterator[Rule]:
    region, document = programme.region, programme.document
    terms = terms_of(region)
    for place, term in enumerate(terms.lines):
        if (sections := _sections(programme, term)) is not None:
            name = term.rule or str(place)
            yield Rule(
                f"told:{region}:{name}", RuleKind.TOLD, region, document, sections, term.rule, term.words
            )
    if (sections := _sections(programme, terms.withdrawal)) is not None:
        yield Rule(
            f"told:{region}:withdrawal", RuleKind.TOLD, region, document, sections, "", terms.withdrawal.words
        )
    names = {language: _names(terms.methods, language) for language in Language}
    if terms.methods_at:
        yield Rule(
            f"methods:{region}",
            RuleKind.METHODS,
            region,
            document,
            terms.methods_at,
            words={language.value: text for language, text in names.items()},
        )


def _sections(programme: Programme, term: Term) -> tuple[str, ...] | None:
    """Where a line rests: on the clause of the rule it names, else on what it says itself. An empty section
    stands for the whole document; None for a line that rests on nothing."""
    clause = getattr(programme, term.rule, None) if term.rule else None
    if isinstance(clause, ClauseRef):
        return (clause.section,)
    if "" in term.at:
        return ()
    return term.at or None


def _names(methods: Iterable[str], language: Language) -> str:
    return _between(language).join(method_name(method, language) for method in methods)


def _of_programme(programme: Programme) -> Iterator[Rule]:
    for entry in fields(programme):
        value = getattr(programme, entry.name)
        if isinstance(value, ClauseRef):
            at = [value.section]
        elif entry.name in SHOWN_TOGETHER:
            at = list(dict.fromkeys(ref.section for ref in value.values()))
        else:
            continue
        for section in at:
            yield Rule(
                f"programme:{programme.region}:{entry.name}" + (f":{section}" if len(at) > 1 else ""),
                RuleKind.PROGRAMME,
                programme.region,
                programme.document,
                (section,),
                entry.name,
                _choices(entry.name, programme.region),
            )


def _choices(name: str, region: str) -> Mapping[str, str]:
    """What an officer is given to choose from under a rule, in words; empty where it only decides."""
    options = OFFERED.get(name)
    if options is None:
        return {}
    values = region_options(region)[options]
    return {
        language.value: _between(language).join(
            wording(language).of(f"case_option.{options}", value) for value in values
        )
        for language in Language
    }


def _between(language: Language) -> str:
    return "、" if language is Language.CHINESE else ", "


def _of_making() -> Iterator[Rule]:
    rules = making_rules()
    for kind, held in ((RuleKind.STEPS, rules.asked_steps), (RuleKind.FILING, rules.filing)):
        for rule in held:
            basis = rule.basis
            yield Rule(f"{kind.value}:{rule.region}", kind, rule.region, basis.document, (basis.section,))
