"""The statutory grounds of 行政处罚法 (2021) as tracks: articles 30, 31, 32, 33 and 36."""

from __future__ import annotations

from .clause import ClauseRef
from .exemption import Ground, Outcome
from .policy import policy
from .predicate import (
    ActMinor,
    AgeIs,
    Corrected,
    FirstOffence,
    HarmIs,
    Incapacity,
    MitigatedBy,
    NoFault,
    TimeBar,
)
from .situation import Fault, Harm, Mitigation, Situation
from .track import Requirement, Track, follow

PENALTY_LAW = "apl2021"


def article(section: str) -> ClauseRef:
    return ClauseRef(PENALTY_LAW, section)


LIABILITY = article("第八条/第一款")
CRIME = article("第二十七条/第一款")
CORRECT = article("第二十八条/第一款")
CHILDREN = article("第三十条")
INCAPABLE = article("第三十一条")
MITIGATION = article("第三十二条")
EXEMPTION = article("第三十三条/第一款")
NO_FAULT = article("第三十三条/第二款")
EDUCATION = article("第三十三条/第三款")
TIME_BAR = article("第三十六条/第一款")
TIME_COUNT = article("第三十六条/第二款")
OLD_LAW = article("第三十七条")
EMERGENCY = article("第四十九条")

_MITIGATIONS = {
    Mitigation.HARM_REMOVED: ("（一）", "主动消除或者减轻危害后果"),
    Mitigation.COERCED: ("（二）", "受他人胁迫或者诱骗"),
    Mitigation.CONFESSED: ("（三）", "主动供述行政机关尚未掌握的违法行为"),
    Mitigation.MERIT: ("（四）", "配合查处有立功表现"),
}
_MINOR = Requirement("违法行为轻微", ActMinor(), EXEMPTION)
_NO_HARM = Requirement("没有造成危害后果", HarmIs(Harm.NONE), EXEMPTION)
_CORRECTED = Requirement("及时改正", Corrected(), EXEMPTION)
_FIRST = Requirement("初次违法", FirstOffence(), EXEMPTION)
_SLIGHT_HARM = Requirement("危害后果轻微", HarmIs(Harm.SLIGHT), EXEMPTION)


def minor_limb(situation: Situation) -> Track:
    """Article 33(1), first limb: minor, corrected in time, no harm; first offence or not."""
    return follow(
        Ground.ARTICLE_33_1_MINOR, Outcome.SHALL_BE_EXEMPT, (_MINOR, _NO_HARM, _CORRECTED), situation
    )


def first_limb(situation: Situation) -> Track:
    """Article 33(1), second limb: first offence, slight harm, corrected in time; a discretion."""
    return follow(
        Ground.ARTICLE_33_1_FIRST, Outcome.MAY_BE_EXEMPT, (_FIRST, _SLIGHT_HARM, _CORRECTED), situation
    )


def exempting(situation: Situation) -> tuple[Track, ...]:
    """Every statutory way to no penalty. Articles 30, 31, 33(2) and 36 are there only when raised."""
    return (*_raised(situation), minor_limb(situation), first_limb(situation))


def _raised(situation: Situation) -> tuple[Track, ...]:
    tracks: list[Track] = []
    if situation.age is not None and situation.age < policy().minor_age:
        rule = Requirement("不满十四周岁", AgeIs(below=policy().minor_age), CHILDREN)
        tracks.append(_raise(Ground.ARTICLE_30, rule, situation))
    if situation.incapacity:
        rule = Requirement("不能辨认或者不能控制自己行为", Incapacity(), INCAPABLE)
        tracks.append(_raise(Ground.ARTICLE_31, rule, situation))
    if situation.fault is Fault.NONE_PROVABLE:
        rule = Requirement("有证据足以证明没有主观过错", NoFault(), NO_FAULT)
        tracks.append(_raise(Ground.ARTICLE_33_2, rule, situation))
    if situation.time_since_act_years is not None:
        years = _time_bar(situation)
        text = "违法行为在二年内未被发现" if years == policy().time_bar_years else "违法行为在五年内未被发现"
        tracks.append(_raise(Ground.ARTICLE_36, Requirement(text, TimeBar(years), TIME_BAR), situation))
    return tuple(tracks)


def _raise(ground: Ground, rule: Requirement, situation: Situation) -> Track:
    return follow(ground, Outcome.SHALL_BE_EXEMPT, (rule,), situation, raised=True)


def _time_bar(situation: Situation) -> float:
    """Two years; five where life, health or financial security is touched and harm was done."""
    harmed = situation.harm in (Harm.SLIGHT, Harm.SERIOUS)
    touched = policy().long_time_bar_sectors.intersection(situation.sectors)
    return policy().long_time_bar_years if harmed and touched else policy().time_bar_years


def easing(situation: Situation) -> tuple[Track, ...]:
    """Statutory ways to a lighter penalty: article 32, and article 30 for those of 14 to 17."""
    tracks: list[Track] = []
    told = [m for m in Mitigation if m in situation.mitigations]
    if told:
        rules = [
            Requirement(text, MitigatedBy(m), article(f"{MITIGATION.section}/{point}"))
            for m in told
            for point, text in [_MITIGATIONS[m]]
        ]
        tracks.append(follow(Ground.ARTICLE_32, Outcome.LIGHTER, rules, situation, raised=True))
    if situation.age is not None and policy().minor_age <= situation.age < policy().adult_age:
        age = AgeIs(policy().minor_age, policy().adult_age)
        rule = Requirement("已满十四周岁不满十八周岁", age, CHILDREN)
        tracks.append(follow(Ground.ARTICLE_30, Outcome.LIGHTER, (rule,), situation, raised=True))
    return tuple(tracks)
