from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.applications.identifiers import (
    CODE_CHARACTERS,
    IdentifierError,
    code_check,
    mask_credit_code,
    mask_phone,
    read_credit_code,
    read_phone,
)

VALID = (
    "91350100M000100Y43",  # the example of the standard
    "914403001922038216",
    "9144030071526726XG",
    "91330100799655058B",
    "91110000802100433B",
    "91110108551385082Q",
)


def word_of(read, text):
    with pytest.raises(IdentifierError) as caught:
        read(text)
    return caught.value.word


@pytest.mark.parametrize("code", VALID)
def test_a_real_credit_code_is_taken_as_people_type_it(code):
    spaced = f" {code[:2]} {code[2:8]}-{code[8:].lower()} "
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in code)
    assert {read_credit_code(typed).code for typed in (code, spaced, full_width)} == {code}


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("91350100M000100Y4Z", "credit_code_characters"),
        ("91310115MA1H8R7C6D", "credit_code_check"),
        ("91350100M000100Y44", "credit_code_check"),
        ("91350100M000100Y4", "credit_code_length"),
        ("", "credit_code_length"),
        ("11010519491231002X", "credit_code_is_identity_card"),
        ("440524188001010014", "credit_code_is_identity_card"),
    ],
)
def test_a_credit_code_that_cannot_be_right_says_why(typed, word):
    assert word_of(read_credit_code, typed) == word


@given(st.text(CODE_CHARACTERS, min_size=17, max_size=17), st.sampled_from(CODE_CHARACTERS))
def test_exactly_one_last_character_fits(first, last):
    code = first + last
    if code_check(first) == last:
        assert read_credit_code(code).code == code
    else:
        assert word_of(read_credit_code, code) in ("credit_code_check", "credit_code_is_identity_card")


@given(st.sampled_from(VALID), st.integers(0, 17), st.sampled_from(CODE_CHARACTERS))
def test_one_slip_of_the_finger_is_always_noticed(code, place, character):
    slipped = code[:place] + character + code[place + 1 :]
    if slipped != code:
        assert word_of(read_credit_code, slipped).startswith("credit_code_")


def test_an_old_registration_number_is_taken_and_told_apart():
    assert read_credit_code("110108000000016").legacy
    assert word_of(read_credit_code, "110108000000017") == "credit_code_check"


def test_the_organisation_code_inside_is_noted_but_refuses_nobody():
    assert not read_credit_code(VALID[3]).body_differs
    first = "92330100" + "12345678" + "0"
    assert read_credit_code(first + str(code_check(first))).body_differs


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("13812345678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("0086 13812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("0375-4921234", "0375-4921234"),
        ("(0375)4921234", "0375-4921234"),
        ("010 62345678", "010-62345678"),
        ("0375-4921234-801", "0375-4921234-801"),
        ("0375-4921234转801", "0375-4921234-801"),
    ],
)
def test_a_phone_number_is_brought_to_one_form(typed, phone):
    assert read_phone(typed) == phone


@pytest.mark.parametrize("typed", ["", "12812345678", "1381234567", "138123456789", "电话", "0375", "400"])
def test_what_is_no_phone_number_is_refused(typed):
    assert word_of(read_phone, typed) == "phone"


def test_masks_leave_enough_to_recognise_ones_own():
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("0375-4921234") == "0375-492****"
    assert mask_phone("0375-4921234-801") == "0375-492****-801"
    assert mask_credit_code(VALID[0]) == "91************0Y43"
