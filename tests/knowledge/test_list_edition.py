"""What a list's title says of it: where, from when, until when, and whether it is in force at all."""

from datetime import date

import pytest

from knowledge.edition import Edition, EditionStatus
from knowledge.parse.errors import UnreadableDocument
from knowledge.parse.first_offence import first_offence_defined
from knowledge.parse.imprint import read_date, read_imprint
from knowledge.parse.list_edition import list_edition
from knowledge.parse.table import parse_list
from knowledge.predicate import Basis, FirstOffence
from knowledge.record import edition_from_json, edition_to_json
from knowledge.region import UnknownRegion
from tests import shared_folder

from .workbooks import HEADINGS, saved, sheet

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("《某清单》（2021-04-01起施行）", date(2021, 4, 1), None),
        ("《某清单（试行）》（2023-10-08起，有效期2年；12项）", date(2023, 10, 8), date(2025, 10, 7)),
        ("《某清单》（2023-01-01起，有效期五年；节选）", date(2023, 1, 1), date(2027, 12, 31)),
        ("《某条例》（2025-01-01施行）第五十九条", date(2025, 1, 1), None),
        ("某清单（2024年2月29日起施行，有效期1年）", date(2024, 2, 29), date(2025, 2, 27)),
        ("《某清单》（2025年12月1日起）", date(2025, 12, 1), None),
        ("某清单", None, None),
    ],
)
def test_the_period_of_force_is_read_from_the_title(text: str, starts: date | None, ends: date | None):
    imprint = read_imprint(text)
    assert (imprint.in_force_from, imprint.in_force_to) == (starts, ends)


@pytest.mark.parametrize(
    ("text", "issued"),
    [
        ("《某清单》（2024-08-05；节选前5项）", date(2024, 8, 5)),
        ("《某清单》（2020-08-18印发）", date(2020, 8, 18)),
        ("某实施办法（2021-08，首批25项）", date(2021, 8, 1)),
        ("《某清单》（2021，10项）", date(2021, 1, 1)),
        ("《某清单》（2023-02报道：14类）", None),
        ("《某清单》（某局2025-11转发；节选）", None),
        ("某发〔2021〕12号《某清单》", None),
        ("某清单（2024年1月5日印发）", date(2024, 1, 5)),
        ("某清单（2024年版）", None),
        ("《某清单（2024年版）》", None),
        ("《某清单》（2024年版）", None),
        ("某清单（2024版）", None),
        ("某清单（2024年修订）", None),
        ("某清单（2024年度第一批）", None),
        ("某清单（2024年）", None),
        ("某清单（2024）", None),
        ("某清单（2024年5月版）", None),
    ],
)
def test_a_plain_date_is_the_day_of_issue_unless_somebody_only_reported(text: str, issued: date | None):
    assert read_imprint(text).issued_on == issued


TITLE = "湛河区城管局不予处罚清单（2024年版）"
FORCE = "本清单自2024年5月1日起施行"


def dated(*rows: tuple[object, ...], above: tuple[str, ...] = (), merged: str = "") -> Edition:
    """The edition of a list of one item with rows under it and lines above its header."""
    one = (1, "占道", "", "及时改正", "不予处罚", "")
    book, page = sheet([(TITLE,), *((line,) for line in above), HEADINGS, one, *rows])
    if merged:
        page.merge_cells(merged)
    edition = list_edition(parse_list(saved(book), "清单.xlsx"), {"id": "x"})
    assert [item.matter for item in edition.items] == ["占道"]
    return edition


@pytest.mark.parametrize(
    ("row", "ends"),
    [
        ((FORCE,), None),
        ((f"{FORCE}。",), None),
        ((f"注：{FORCE}，有效期2年。",), date(2026, 4, 30)),
        ((f"说明：1.首次违法按年度计算。2.{FORCE}，有效期至2027年12月31日。",), date(2027, 12, 31)),
        (("备注", f"1.以下适用于本区。\n2.{FORCE}。"), None),
        (("本清单从2024-05-01起执行",), None),
        (("本清单2024.5.1起试行",), None),
        (("自2024年5月1日起施行，原清单自2023年1月1日起施行的部分同时废止",), None),
    ],
)
def test_the_period_of_force_is_read_from_the_lines_under_the_table(
    row: tuple[object, ...], ends: date | None
):
    edition = dated(row)
    assert (edition.issued_on, edition.in_force_from, edition.in_force_to) == (None, date(2024, 5, 1), ends)


def test_a_footer_over_the_whole_width_is_no_item_and_gives_the_first_day():
    assert dated((FORCE,), merged="A4:F4").in_force_from == date(2024, 5, 1)


def test_a_line_above_the_table_gives_the_first_day():
    assert dated(above=("（自2024年5月1日起施行）",)).in_force_from == date(2024, 5, 1)


def test_what_a_note_says_of_another_text_or_of_no_day_is_no_day_of_this_one():
    assert dated(("注：《某条例》自2021年7月15日起施行",)).in_force_from is None
    assert dated(("注：原清单自2021年7月15日起停止执行",)).in_force_from is None
    assert dated((f"{FORCE.replace('5月1日', '13月1日')}",)).in_force_from is None


def test_what_the_title_or_the_importer_says_beats_the_lines_around():
    parsed = parse_list(
        saved(sheet([("某清单（2023年6月1日起施行）",), HEADINGS, (1, "甲"), (FORCE,)])[0]), "a.xlsx"
    )
    assert list_edition(parsed, {"id": "x"}).in_force_from == date(2023, 6, 1)
    given = {"id": "x", "in_force_from": "2025-01-01"}
    assert list_edition(parsed, given).in_force_from == date(2025, 1, 1)


def test_in_force_from_the_day_of_issue_is_that_day():
    book, _ = sheet(
        [("某清单（2024年1月5日印发）",), HEADINGS, (1, "甲"), ("本清单自印发之日起施行，有效期3年",)]
    )
    edition = list_edition(parse_list(saved(book), "a.xlsx"), {"id": "x"})
    assert (edition.in_force_from, edition.in_force_to) == (date(2024, 1, 5), date(2027, 1, 4))


def test_a_term_without_a_start_runs_from_the_day_of_issue():
    assert read_imprint("《某清单》（2021-10-14，有效期五年）").in_force_to == date(2026, 10, 13)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("《某清单（征求意见稿）》（2021-04-28）", EditionStatus.DRAFT),
        ("《某清单》（2026-01征求意见，315项）", EditionStatus.DRAFT),
        ("某规〔2019〕1号《某清单》（2023-12-25废止；节选）", EditionStatus.REPEALED),
        ("某清单（已废止）", EditionStatus.REPEALED),
        ("《某清单》（2023-12-25）", EditionStatus.CURRENT),
    ],
)
def test_drafts_and_repealed_lists_are_known_by_their_title(text: str, status: EditionStatus):
    assert read_imprint(text).status is status


def test_the_number_is_the_lists_own_not_that_of_its_basis():
    assert read_imprint("某规〔2025〕4号《某清单》").document_number == "某规〔2025〕4号"
    assert read_imprint("某总局公告2021年第6号《某清单》").document_number == "某总局公告2021年第6号"
    assert read_imprint("某局清单（依据某法发〔2020〕12号；2022-12-13）").document_number == ""


def test_the_title_is_the_name_without_number_and_remarks():
    assert read_imprint("某规〔2025〕4号《某清单（第二批）》（2025-11-16起）").title == "某清单（第二批）"
    assert read_imprint("某局不予处罚清单（2022-09-02；节选）").title == "某局不予处罚清单"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021", date(2021, 1, 1)),
        ("2021-08", date(2021, 8, 1)),
        ("2021-08-09", date(2021, 8, 9)),
        ("2021年8月9日", date(2021, 8, 9)),
        ("2021-13-01", None),
        ("1021", None),
        ("", None),
    ],
)
def test_dates_may_leave_the_day_or_month_open(text: str, day: date | None):
    assert read_date(text) == day


def _edition(**overrides: object) -> Edition:
    rows = [
        ("某市轻微违法行为免罚清单（2024-03-01起施行）",),
        (*HEADINGS, "地区"),
        (1, "未悬挂标志", "第五条", "初次违法；及时改正", "首违不罚", "", "舟山"),
        ("注：本清单所称初次违法，是指同一执法机关在其辖区12个月内第一次发现该行为。",),
    ]
    return list_edition(parse_list(saved(sheet(rows)[0]), "清单.xlsx"), {"id": "zs-1", **overrides})


def test_the_file_says_where_and_from_when_a_list_holds():
    edition = _edition()
    assert (edition.region, edition.in_force_from) == ("浙江省/舟山市", date(2024, 3, 1))
    assert edition.items[0].region == "浙江省/舟山市"
    assert edition.items[0].list == "zs-1"


def test_what_the_importer_says_beats_the_file():
    ends = date(2025, 12, 31)
    edition = _edition(region="湛河", title="另一清单", in_force_from="2025-01", in_force_to=ends)
    assert (edition.region, edition.title) == ("河南省/平顶山市/湛河区", "另一清单")
    assert (edition.in_force_from, edition.in_force_to) == (date(2025, 1, 1), ends)


def test_a_definition_under_the_table_binds_every_first_offence_of_the_list():
    own = FirstOffence(Basis.DISCOVERED, window_months=12, territory="agency")
    assert _edition().items[0].conditions[0].predicate == own


def test_a_sentence_that_sets_no_period_defines_nothing():
    assert first_offence_defined(["初次违法是指违法行为人第一次实施违法行为。"]) is None


def test_an_unknown_region_given_is_refused_and_one_in_the_file_left_open():
    with pytest.raises(UnknownRegion):
        _edition(region="火星市")
    parsed = parse_list("序号,违法行为,地区\n1,甲,某处（待核）\n".encode(), "清单.csv")
    assert list_edition(parsed, {"id": "x"}).region == ""


def test_a_list_needs_one_id():
    without = parse_list("序号,违法行为\n1,甲\n".encode(), "清单.csv")
    several = parse_list("list_id,item_no,matter\na,1,甲\nb,1,乙\n".encode(), "清单.csv")
    for parsed in (without, several):
        with pytest.raises(UnreadableDocument):
            list_edition(parsed)
    with pytest.raises(UnreadableDocument):
        list_edition(without, {"id": "x", "in_force_from": "昨天"})


def test_only_a_list_that_itself_says_so_makes_its_first_offence_items_a_duty():
    assert not _edition().items[0].mandatory
    assert _edition(issuer="国家税务总局").items[0].mandatory
    assert _edition(mandatory=True).items[0].mandatory


def test_an_edition_with_typed_conditions_survives_the_record():
    edition = _edition()
    assert edition_from_json(edition_to_json(edition)) == edition


def _shared_editions() -> dict[str, Edition]:
    folder = shared_folder()
    if folder is None:
        pytest.skip("the lists beside the checkout are absent")
    files = sorted((folder / "lists").glob("*.csv"))
    return {f.stem: list_edition(parse_list(f.read_bytes(), f.name)) for f in files}


def test_real_lists_that_are_drafts_repealed_or_expired_are_never_in_force():
    editions = _shared_editions()
    drafts = {name for name, e in editions.items() if e.status is EditionStatus.DRAFT}
    assert drafts == {
        "ah-jt-d",
        "cdmz-scjg-2026d",
        "szs-scjg-2021d",
        "tj-wl-2021d",
        "yh-scjg-2020d",
    }
    ended = {name for name, e in editions.items() if not e.holds(TODAY)} - drafts
    assert ended == {"sh-scjg-2019", "js-yj-2023", "zs-wj-2021"}


def test_real_lists_whose_place_is_not_settled_have_no_region():
    placeless = {name for name, e in _shared_editions().items() if not e.region}
    assert placeless == {"hb-cg", "hb-qx-2022", "hlj-zr-cq", "hlj-zr-jq", "hn-qx", "yj-mirror"}
