"""An answer is cut into blocks, lists and marks; a mark without a source opens nothing."""

from portal.chat.page import Piece, answer_blocks


def test_blank_lines_part_blocks_and_bullets_become_a_list():
    blocks = answer_blocks("先说结论。\n\n下一步：\n- 改正\n- 留照片", ())
    assert [[run.kind for run in block] for block in blocks] == [["text"], ["text", "list"]]
    assert blocks[1][1].lines == ((Piece("改正"),), (Piece("留照片"),))


def test_a_mark_stands_where_it_was_written():
    [[run]] = answer_blocks("可以[1]，也要改正[2]。", {1, 2})
    [line] = run.lines
    assert [p.number for p in line] == [0, 1, 0, 2]
    assert "".join(p.text + p.before + (f"[{p.number}]" if p.number else "") + p.after for p in line) == (
        "可以[1]，也要改正[2]。"
    )


def test_a_line_break_cannot_part_a_mark_from_what_it_marks():
    [[run]] = answer_blocks("可以不罚[1][2]。仍要改正。", {1, 2})
    assert run.lines == (
        (
            Piece("可以不"),
            Piece(number=1, before="罚"),
            Piece(number=2, after="。"),
            Piece("仍要改正。"),
        ),
    )


def test_a_mark_without_its_source_stays_text():
    [[run]] = answer_blocks("见[9]。", {1})
    assert run.lines == ((Piece("见[9]。"),),)


def test_the_basis_of_a_line_is_a_run_of_its_own():
    [block] = answer_blocks("可以撤回[1]。\n依据：《某意见》\n原文：“可以撤回。”", {1})
    assert [run.kind for run in block] == ["text", "basis"]


def test_an_empty_answer_has_no_blocks():
    assert answer_blocks(" \n\n ", ()) == ()
