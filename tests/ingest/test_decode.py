"""Any bytes in: clean text, or a reason with its place."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.ingest.decode import NotTextError, clean, decode

PROSE = "The mayor’s café in Łódź opened “late”, she said – again. " * 4


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
    ],
)
def test_unicode_encodings_read_back(encoding, named):
    decoded = decode(PROSE.encode(encoding))
    assert (decoded.text, decoded.encoding) == (PROSE, named)


def test_windows_western_text_is_told():
    text = "The mayor’s café opened “late”, she said – again.\n" * 5
    decoded = decode(text.encode("cp1252"))
    assert (decoded.text, decoded.encoding) == (text, "cp1252")


def test_utf8_read_as_windows_text_is_mended_and_said_so():
    plain = "The mayor’s café was late. " * 4
    decoded = decode(plain.encode().decode("cp1252").encode())
    assert (decoded.text, decoded.mended) == (plain, True)
    assert not decode(PROSE.encode()).mended


def test_typographic_marks_are_kept_as_they_are():
    assert decode("“Curly” ‘marks’ — stay… ".encode()).text == "“Curly” ‘marks’ — stay… "


def test_stray_byte_does_not_cost_the_rest_of_the_text():
    data = b"\xef\xbb\xbf" + ("The mayor’s café was late. " * 20).encode() + b"\x96 she said"
    text = decode(data).text
    assert "café was late" in text
    assert text.endswith("– she said")


def test_line_ends_become_newlines():
    assert decode(b"one\r\ntwo\rthree\x0cfour").text == "one\ntwo\nthree\nfour"


def test_stray_control_characters_go():
    assert decode(b"a bell \x07 rang" + b" in the harbour" * 20).text.startswith("a bell  rang")


def test_composed_form_is_nfc():
    assert decode("Zoe\u0308".encode()).text == "Zoë"


@pytest.mark.parametrize(
    ("data", "reason", "offset", "line"),
    [
        (b"", "is empty", None, None),
        (b"\x00\x00 \n", "is empty", None, None),
        (b"%PDF-1.7 and more", "is a PDF file, not text", 0, 1),
        (b"fine so far\nand then\x00\x01\x02\x03\x00", "is not text: byte 0x00 at offset 20", 20, 2),
        (b"\xff\xfea\x00\n\x00b", "begins like utf-16 text but is damaged", 6, 2),
        ("\ufeff\u2029 ".encode(), "holds nothing but blanks", None, None),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(data, reason, offset, line):
    with pytest.raises(NotTextError, match=reason) as caught:
        decode(data)
    assert (caught.value.offset, caught.value.line) == (offset, line)


@given(st.binary(max_size=400))
def test_any_bytes_give_storable_text_or_a_reason(data):
    try:
        text = decode(data).text
    except NotTextError as error:
        assert str(error)
        return
    assert text == unicodedata.normalize("NFC", text)
    assert clean(text) == text
    assert not {"\x00", "\r", "\ufeff", "\x0b"} & set(text)
    text.encode()


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(str.strip))
def test_clean_is_stable(text):
    assert clean(clean(text)) == clean(text)
