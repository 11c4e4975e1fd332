"""What opens a clause and what does not; tested on small texts of our own."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.parse import ParsedDocument, UnreadableDocument, parse_document
from knowledge.parse.clauses import heading
from knowledge.parse.numbering import Kind, chinese_number, chinese_numeral, opens


def parse(text: str, name: str = "notice.txt") -> ParsedDocument:
    return parse_document(text.encode("utf-8"), name)


def sections(text: str) -> list[str]:
    return [clause.section for clause in parse(text).clauses]


def text_of(document: ParsedDocument, section: str) -> str:
    return next(clause.text for clause in document.clauses if clause.section == section)


def visible(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def everything(document: ParsedDocument) -> str:
    return "".join(c.text for c in document.clauses) + "".join(piece.text for piece in document.left_out)


@pytest.mark.parametrize(
    ("text", "kind", "label"),
    [
        ("一、目标", Kind.CHINESE, "一"),
        ("十二、其他", Kind.CHINESE, "十二"),
        ("(一)目标", Kind.CHINESE_BRACKET, "（一）"),
        ("（ 三 ） 程序", Kind.CHINESE_BRACKET, "（三）"),
        ("㈡目标", Kind.CHINESE_BRACKET, "（二）"),
        ("1.原则", Kind.ARABIC, "1"),
        ("1、原则", Kind.ARABIC, "1"),
        ("１．原则", Kind.ARABIC, "1"),
        ("1.2023年底前完成", Kind.ARABIC, "1"),
        ("(2) 情形", Kind.ARABIC_BRACKET, "（2）"),
        ("⑵情形", Kind.ARABIC_BRACKET, "（2）"),
        ("2）情形", Kind.ARABIC_BRACKET, "2"),
        ("③情形", Kind.CIRCLED, "③"),
        ("第三十三条之一　当事人", Kind.ARTICLE, "第三十三条之一"),
        ("第 五 条 目的", Kind.ARTICLE, "第五条"),
        ("第三章　管辖", Kind.CHAPTER, "第三章"),
    ],
)
def test_printed_numbers_become_labels(text, kind, label):
    marker = opens(text)
    assert marker is not None
    assert (marker.kind, marker.label) == (kind, label)


@pytest.mark.parametrize(
    "text",
    [
        "1-2个典型案例",
        "1.5倍的罚款",
        "2023年底前",
        "2023、2024年度",
        "一是加强领导",
        "一、二级响应",
        "(2020—2025年)规划",
        "（一）项规定的情形",
        "第三十三条第一款规定的",
        "第三十三条、第三十四条",
        "三令五申",
        "第一，要重视",
    ],
)
def test_what_only_looks_like_a_number_opens_nothing(text):
    assert opens(text) is None


def test_a_year_in_chinese_digits_has_a_value():
    assert chinese_number("二〇二一") == 2021


@given(st.integers(0, 9999))
def test_chinese_numerals_can_be_written_and_read(number):
    assert chinese_number(chinese_numeral(number)) == number


@pytest.mark.parametrize(("number", "text"), [(10, "十"), (105, "一百零五"), (1010, "一千零一十")])
def test_chinese_numerals_are_written_as_people_do(number, text):
    assert chinese_numeral(number) == text


def test_levels_stand_below_each_other():
    text = "一、甲\n（一）乙\n1.丙\n（1）丁\n①戊\n②己\n（2）庚\n2.辛\n（二）壬\n1.癸\n二、子"
    assert sections(text) == [
        "一",
        "一/（一）",
        "一/（一）/1",
        "一/（一）/1/（1）",
        "一/（一）/1/（1）/①",
        "一/（一）/1/（1）/②",
        "一/（一）/1/（2）",
        "一/（一）/2",
        "一/（二）",
        "一/（二）/1",
        "二",
    ]


def test_a_missing_bracket_does_not_swallow_the_next_clause():
    text = "一、依据\n按照《某某实施纲要（2021－2025年）及要求办理。\n二、目标\n全面推行。"
    assert sections(text) == ["一", "二"]


def test_a_number_out_of_sequence_stays_in_its_sentence():
    document = parse("一、甲\n1.乙。\n8.这一行不是第八项。\n2.丙。")
    assert [clause.section for clause in document.clauses] == ["一", "一/1", "一/2"]
    assert "8.这一行" in text_of(document, "一/1")


def test_a_skipped_number_is_accepted_with_a_warning():
    document = parse("一、甲。\n二、乙。\n四、丁。")
    assert [clause.section for clause in document.clauses] == ["一", "二", "四"]
    assert any("四" in warning for warning in document.warnings)


def test_a_number_printed_twice_loses_no_text():
    document = parse("一、甲。\n二、乙。\n二、又一个乙。\n三、丙。")
    assert [clause.section for clause in document.clauses] == ["一", "二", "三"]
    assert "又一个乙" in text_of(document, "二")
    assert document.warnings


def test_items_inside_one_paragraph_are_clauses_of_their_own():
    document = parse("一、终止。有下列情形的终止：（1）撤回申请；（2）依据失效；（3）其他情形。\n二、监督。")
    assert [clause.section for clause in document.clauses] == ["一", "一/（1）", "一/（2）", "一/（3）", "二"]
    assert text_of(document, "一").endswith("：")


def test_brackets_inside_a_sentence_are_no_items():
    assert sections("一、依据\n按照第二十条第（一）项、第（二）项办理，见附件（1）和注（2）。\n二、目标") == [
        "一",
        "二",
    ]


def test_a_heading_and_its_first_item_may_share_a_line():
    assert sections("一、总体要求 （一）指导思想。坚持法治。\n（二）工作目标。全面推行。") == [
        "一",
        "一/（一）",
        "一/（二）",
    ]


def test_enumerations_in_words_are_no_clauses():
    assert sections("一、措施\n一是宣传，\n二是培训，\n三是检查。\n第一，重视。第二，落实。\n二、要求") == [
        "一",
        "二",
    ]


def test_broken_sentences_join_and_paragraphs_stay():
    document = parse("一、要求\n各单位应当结合实际制定方案，\n\n并于月底前报送。\n\n本项工作纳入考核。")
    assert (
        text_of(document, "一")
        == "一、要求\n各单位应当结合实际制定方案，并于月底前报送。\n本项工作纳入考核。"
    )


def test_hard_wrapped_text_is_made_whole():
    long = (
        "各级行政执法部门应当充分考虑违法行为的事实、性质、情节以及社会危害程度等因素，"
        "做到过罚相当、宽严相济，并将有关情况及时报送同级司法行政部门备案。"
    )
    text = "　　一、总体要求\n　　（一）指导思想\n" + "\n".join(
        ("　　" + long)[at : at + 26] for at in range(0, len(long) + 2, 26)
    )
    text += "\n　　（二）工作目标\n" + "\n".join(
        ("　　" + long)[at : at + 26] for at in range(0, len(long) + 2, 26)
    )
    document = parse(text)
    assert text_of(document, "一/（一）") == f"（一）指导思想\n{long}"
    assert text_of(document, "一/（二）") == f"（二）工作目标\n{long}"


COVERED = """某市司法局文件
某司发〔2024〕7号

某市司法局关于印发《某市推行柔性执法
工作方案》的通知
各县区司法局，机关各科室：
经研究，现将《某市推行柔性执法工作方案》印发给你们，请认真执行。
一、及时传达。
二、抓好落实。
某市司法局
2024年3月5日
某市推行柔性执法
工作方案
为推进严格规范公正文明执法，结合实际，制定本方案。
一、总体要求
坚持教育与处罚相结合。
二、保障措施
加强组织领导。
附件：1.事项清单
2.文书样式
某市司法局办公室 2024年3月6日印发
附件1
事项清单
一、城市管理
擅自张贴。
附件2
文书样式
（空白）"""


def test_a_covering_letter_with_its_own_numbers_belongs_to_the_heading_part():
    document = parse(COVERED)
    assert [clause.section for clause in document.clauses] == [
        "题头",
        "前言",
        "一",
        "二",
        "落款",
        "附件1",
        "附件1/一",
        "附件2",
    ]
    assert "二、抓好落实" in text_of(document, "题头")
    assert text_of(document, "前言").startswith("为推进")
    assert "附件：1.事项清单" in text_of(document, "落款")
    assert visible(COVERED) == visible(everything(document))


def test_a_document_says_what_it_is():
    document = parse(COVERED)
    assert document.title == "某市推行柔性执法工作方案"
    assert document.document_number == "某司发〔2024〕7号"
    assert document.issuer == "某市司法局办公室"
    assert document.issued_on == date(2024, 3, 6)


@pytest.mark.parametrize(
    "number", ["某政办发[2024]7号", "某政办发【2024】7号", "某政办发 （2024） 7 号", "某政办发〔2024〕7号"]
)
def test_document_numbers_are_read_with_any_bracket(number):
    assert parse(f"关于某事的通知\n{number}\n一、甲。").document_number == "某政办发〔2024〕7号"


def test_a_number_cited_in_a_sentence_is_not_the_documents_own():
    assert parse("关于某事的通知\n根据某政发〔2020〕1号文件，制定本意见。\n一、甲。").document_number == ""


def test_a_date_in_chinese_numerals_is_a_date():
    assert parse("关于某事的通知\n一、甲。\n某市人民政府\n二〇二三年十一月五日").issued_on == date(
        2023, 11, 5
    )


def test_a_date_that_does_not_exist_is_no_date():
    assert parse("关于某事的通知\n一、甲。\n某市人民政府\n2023年13月45日").issued_on is None


def test_page_furniture_is_left_out_and_said_so():
    above = "首页 > 政策\n关于某事的通知\n发布时间：2023-01-02 来源：本站\n"
    below = "【关闭】 【打印】\n上一篇：别的\n下一篇：\n又一个标题"
    text = above + "一、甲。\n— 3 —\n二、乙。\n" + below
    document = parse(text)
    assert [clause.section for clause in document.clauses] == ["题头", "一", "二"]
    assert {piece.reason for piece in document.left_out} == {"网页导航", "页码"}
    assert text_of(document, "二") == "二、乙。"
    assert visible(text) == visible(everything(document))


def test_invisible_characters_are_left_out_and_said_so():
    document = parse("一、甲\u200b方。\n二、\u202e乙。")
    assert text_of(document, "一") == "一、甲方。"
    assert [piece.reason for piece in document.left_out] == ["不可见字符", "不可见字符"]


def test_a_text_without_numbers_is_kept_whole_with_a_warning():
    document = parse("关于放假的通告\n各位商户，本周休息，请相互转告。")
    assert [clause.section for clause in document.clauses] == ["题头", "前言"]
    assert document.warnings


def test_a_text_that_came_without_line_breaks_is_cut_at_its_numbers():
    text = "某市意见 一、总体要求 （一）指导思想。坚持法治。（二）目标。全面推行。 二、任务 （一）推行清单。"
    document = parse(text)
    assert [c.section for c in document.clauses] == [
        "题头",
        "一",
        "一/（一）",
        "一/（二）",
        "二",
        "二/（一）",
    ]
    assert visible(text) == visible(everything(document))


def test_an_order_has_its_number_and_issuer_on_lines_of_their_own():
    document = parse(
        "某省人民政府令\n第300号\n某省执法监督办法\n第一条　为了监督，制定本办法。\n第二条　施行。"
    )
    assert document.document_number == "某省人民政府令第300号"
    assert document.issuer == "某省人民政府"
    assert document.title == "某省执法监督办法"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("1. 柔性执法的申请。可以依职权主动实施。", "柔性执法的申请"),
        ("（一）指导思想\n坚持法治。", "指导思想"),
        ("（3）其他情形。", ""),
        ("2.终止。有下列情形的：", "终止"),
        ("有下列情形之一的：终止。", ""),
        ("（一）检查中发现问题，应当告知。随后复查。", ""),
    ],
)
def test_a_heading_is_the_short_title_that_opens_a_clause(text, title):
    assert heading(text) == title


STATUTE = """某市执法条例
（2021年1月22日通过　自2021年7月15日起施行）
目　录
第一章　总则
第二章　处罚
第一节　种类
第一章　总则
第一条　为了规范执法，制定本条例。
第二条　有下列情形之一的，从轻处罚：
（一）主动改正的；
（二）配合调查的。
第二章　处罚
第一节　种类
第三条　违法行为轻微的，不予处罚。
当事人主动配合行政机关查处违法行为有立功表现，依照本条例
第二条的规定从轻的，说明理由。
当事人有下列权利：
（一）陈述；
（二）申辩：
1.口头的；
2.书面的。
前款规定由机关告知。
第三条之一　【执法回访】机关应当回访。
第四条　本条例自2021年7月15日起施行。"""


def test_statutes_have_articles_paragraphs_and_items():
    document = parse(STATUTE)
    assert document.kind == "statute"
    assert [clause.section for clause in document.clauses] == [
        "题头",
        "第一章",
        "第一条",
        "第二条",
        "第二条/（一）",
        "第二条/（二）",
        "第二章",
        "第二章/第一节",
        "第三条",
        "第三条/第一款",
        "第三条/第二款",
        "第三条/第三款",
        "第三条/第三款/（一）",
        "第三条/第三款/（二）",
        "第三条/第三款/（二）/1",
        "第三条/第三款/（二）/2",
        "第三条/第四款",
        "第三条之一",
        "第四条",
    ]
    assert visible(STATUTE) == visible(everything(document))


def test_a_lead_in_is_its_parents_own_text():
    document = parse(STATUTE)
    assert text_of(document, "第二条") == "第二条　有下列情形之一的，从轻处罚："
    assert text_of(document, "第三条/第三款") == "当事人有下列权利："
    assert text_of(document, "第三条") == "第三条"


def test_a_reference_at_the_start_of_a_line_opens_no_article():
    assert text_of(parse(STATUTE), "第三条/第二款").endswith("依照本条例第二条的规定从轻的，说明理由。")


def test_articles_know_their_chapter_and_title():
    clauses = {clause.section: clause for clause in parse(STATUTE).clauses}
    assert clauses["第三条"].chapter == "第二章/第一节"
    assert clauses["第二章/第一节"].heading == "种类"
    assert clauses["第三条之一"].heading == "执法回访"


def test_a_statutes_date_is_that_of_its_adoption():
    assert parse(STATUTE).issued_on == date(2021, 1, 22)


def test_chapters_without_articles_stand_in_the_path():
    text = "某市法治规划\n第一章　形势\n一、成绩\n二、问题\n第二章　任务\n一、立法\n二、执法"
    assert "第二章/一" in sections(text)


def read_or_refused(text: str) -> ParsedDocument | UnreadableDocument:
    try:
        return parse(text)
    except UnreadableDocument as refused:
        return refused


_WORDS = st.text("执法柔性处罚应当改正，。；：、“”《》（）()〔〕0123456789.Aa \u3000", max_size=30)
_OPENINGS = """一、 二、 三、 （一） (二) （三） 1. 2、 3． （1） (2) ① ② 第一条 第二条 第三条 第一章 附件
附件1 ## --- —2— 关闭 抄送： 目录 2023年7月13日 某市司法局 现将《某某意见》印发给你们 各单位："""
_NUMBERS = st.sampled_from(_OPENINGS.split())
_LINES = st.lists(
    st.tuples(_NUMBERS | st.just(""), st.sampled_from(["", " ", "　"]), _WORDS).map("".join), max_size=25
)


@settings(max_examples=300, deadline=None)
@given(_LINES, st.sampled_from(["\n", "\n\n", "\r\n", "\x0c"]))
def test_every_character_stands_in_exactly_one_clause_or_is_left_out(lines, ending):
    text = ending.join(lines)
    document = read_or_refused(text)
    if isinstance(document, UnreadableDocument):
        assert not text.strip()
        return
    assert visible(text) == visible(everything(document))
    names = [clause.section for clause in document.clauses]
    assert len(names) == len(set(names))
    assert all(clause.text for clause in document.clauses)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_in_one_sentence(text):
    found = read_or_refused(text)
    if isinstance(found, UnreadableDocument):
        assert str(found).endswith("。")
        assert found.english.endswith(".")
    else:
        assert visible(text) == visible(everything(found))
