"""What a file is, is proved by its content; what only looks like one is told apart."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.uploads.limits import FileKind, limits
from portal.uploads.proof import UnprovenError, prove

from . import samples

WHOLE = {
    FileKind.JPG: samples.jpg(),
    FileKind.PNG: samples.png(3),
    FileKind.PDF: samples.pdf(),
    FileKind.DOCX: samples.docx(),
    FileKind.MP4: samples.mp4(),
    FileKind.MP3: samples.mp3(),
}
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def word_of(content: bytes) -> str:
    """Why a file is refused; its kind where it is not."""
    try:
        return prove(BytesIO(content), len(content))
    except UnprovenError as wrong:
        return wrong.word


def encrypted_zip() -> bytes:
    """A docx whose entries say that they are encrypted."""
    content = bytearray(samples.docx())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


def lying_zip() -> bytes:
    """A docx whose directory says of a large entry that it is small."""
    out = BytesIO(samples.with_entry("word/media/a.bmp", bytes(300_000)))
    with zipfile.ZipFile(out) as packed:
        entry = packed.getinfo("word/media/a.bmp")
    content = out.getvalue()
    return content.replace(entry.file_size.to_bytes(4, "little"), (100).to_bytes(4, "little"))


@pytest.mark.parametrize("kind", list(FileKind))
def test_a_whole_file_is_known_by_its_content(kind: FileKind):
    assert word_of(WHOLE[kind]) == kind


@pytest.mark.parametrize(
    "content",
    [
        samples.jpg() + b"a moving picture after the photograph",
        samples.jpg(b"\x12" * 200_000),
        samples.png(2, b"trailing"),
        b"junk before\n" + samples.pdf(),
        samples.pdf(b"x" * 100_000) + b"\n\n",
        samples.mp4(b"mp42"),
        samples.mp3()[15:],
        samples.mp3(5, told=5 * 417) + b"TAG" + bytes(125),
    ],
)
def test_harmless_oddities_are_taken(content: bytes):
    assert word_of(content) in list(FileKind)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "file_empty"),
        (b"MZ" + bytes(200), "file_kind"),
        (b"<html><script>alert(1)</script></html>", "file_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_kind"),
        (b"GIF89a" + bytes(50), "file_kind"),
        (OLD_WORD, "file_kind"),
        (samples.mp4(b"heic"), "file_kind"),
        (samples.mp4(b"qt  "), "file_kind"),
        (samples.zip_of(readme=b"x"), "file_kind"),
        (samples.zip_of(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"x"}), "file_kind"),
        (samples.zip_of(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"x"}), "file_kind"),
        (samples.with_entry("word/vbaProject.bin", b"macro"), "file_macro"),
        (samples.with_entry("word/embeddings/run.EXE", b"MZ"), "file_macro"),
        (samples.bomb(), "file_unpacked"),
        (encrypted_zip(), "file_broken"),
        (lying_zip(), "file_broken"),
        (b"\xff\xd8\xff\xe0", "file_broken"),
        (b"\xff\xd8\xff\xe0\x00\x00" + bytes(50), "file_broken"),
        (samples.png(40)[:-20] + bytes(20), "file_broken"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 400, "file_broken"),
        (b"%PDF-1.7 and nothing more", "file_broken"),
        (samples.mp4()[:-30], "file_broken"),
        (samples.mp3(5, told=50 * 417), "file_broken"),
        (b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(400), "file_broken"),
    ],
)
def test_what_only_looks_like_one_is_refused(content: bytes, word: str):
    assert word_of(content) == word


@pytest.mark.parametrize("kind", [k for k in FileKind if k is not FileKind.MP3])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.97])
def test_a_file_that_was_cut_off_is_refused(kind: FileKind, share: float):
    content = WHOLE[kind]
    assert word_of(content[: int(len(content) * share)]) in ("file_broken", "file_kind")


def test_a_docx_of_too_many_parts_is_refused():
    out = BytesIO(samples.docx())
    with zipfile.ZipFile(out, "a") as packed:
        for number in range(limits().unpacked_entries + 1):
            packed.writestr(f"word/media/{number}", b"")
    assert word_of(out.getvalue()) == "file_unpacked"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(FileKind)), st.integers(0, 400), st.binary(max_size=40))
def test_no_content_breaks_the_reader(kind: FileKind, place: int, junk: bytes):
    content = WHOLE[kind]
    spoilt = content[:place] + junk + content[place + len(junk) :]
    assert word_of(spoilt) in {
        *FileKind,
        "file_empty",
        "file_kind",
        "file_broken",
        "file_macro",
        "file_unpacked",
    }


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"ID3", b"0000ftypisom"]),
    st.binary(),
)
def test_no_beginning_alone_is_enough(start: bytes, junk: bytes):
    assert word_of(start + junk) in ("file_kind", "file_broken")
