"""Any bytes in: clean text, or a reason with its place."""

from __future__ import annotations

import time
import unicodedata
from itertools import product

import ftfy
import pytest
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad
from hypothesis import given
from hypothesis import strategies as st

from newsroom.ingest.decode import Decoded, NotTextError, clean, decode, mend

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


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_told(encoding):
    assert decode(PROSE.encode(encoding)) == Decoded(PROSE, encoding, False)


@pytest.mark.parametrize(
    ("encoding", "declared", "named"),
    [
        ("koi8-r", "KOI8-R", "koi8-r"),
        ("utf-8", "iso-8859-1", "utf-8"),
        ("iso2022_jp", "iso-2022-jp", "iso2022_jp"),
        ("utf-16-le", "utf-16le", "utf-16-le"),
    ],
)
def test_declared_encoding_is_used_unless_the_bytes_say_otherwise(encoding, declared, named):
    text = "嵐のため停泊した。" * 9 if "jp" in encoding else "Пором стоит в порту. " * 9
    assert decode(text.encode(encoding), declared) == Decoded(text, named, False)


@pytest.mark.parametrize(
    "label", ["unicode_escape", "rot13", "utf-7", "idna", "base64", "no such", "\0", "é", "x" * 10_000]
)
def test_declared_label_that_is_no_encoding_is_ignored(label):
    assert "\\u0041 +AEE- café" in decode(("\\u0041 +AEE- café and more of it. " * 9).encode("cp1252"), label).text


def test_declaration_inside_a_page_is_used():
    text = "<meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>" + "Пором стоит. " * 9
    assert decode(text.encode("cp1251"), markup=True).text == text


def test_double_encoding_is_mended():
    plain = "The mayor’s café was late. " * 4
    garbled = plain.encode().decode("cp1252").encode().decode("cp1252").encode()
    assert decode(garbled).text == plain


def test_marks_without_end_take_no_time():
    begin = time.process_time()
    text = decode(("e" + "\u0301\u0327" * 500_000 + " and the rest").encode()).text
    assert time.process_time() - begin < 5
    assert text.endswith(" and the rest")
    assert len(text) < 100


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
        (b" \r\n", "holds nothing but blanks", None, None),
        (b"\x00\x00 \n", "holds nothing but zero bytes", None, None),
        (b"%PDF-1.7 and more", "is a PDF file, not text: save it as text or HTML first", 0, 1),
        (
            b"fine so far\nand then\x00\x01\x02\x03\x00",
            "is not text: byte 0x00 at offset 20; convert it first, or leave it out",
            20,
            2,
        ),
        (b"\xff\xfea\x00\n\x00b", "begins like utf-16 text but is damaged", 6, 2),
        ("\ufeff\u2029 ".encode(), "holds nothing but blanks", None, None),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(data, reason, offset, line):
    with pytest.raises(NotTextError, match=reason) as caught:
        decode(data)
    assert (caught.value.offset, caught.value.line) == (offset, line)


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "utf-8", "utf-16", "cp1252", "iso-2022-jp", "shift_jis", "hz"]),
    st.booleans(),
)
def test_any_bytes_give_storable_text_or_a_reason(data, declared, markup):
    try:
        text = decode(data, declared, markup=markup).text
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


# What mojibake is made of, and what stands between.
GARBLED = "".join(MOJIBAKE_CATEGORIES.values()) + "ГўВЂВβ€ā√≈‚вœŒÂÃØÙà²" + "aZ .,\n\r\x1c\x85“”’–…" * 12


@given(st.text(GARBLED, max_size=12))
def test_what_is_mended_is_what_ftfy_takes_for_mojibake_wherever_lines_end(text):
    fixed = ftfy.fix_encoding(text) if is_bad(text) else text
    assert mend(text) == (fixed, fixed != text)


def test_no_mojibake_is_made_of_what_english_is_set_with():
    characters = "“”‘’–—…•\u00a0aZ .,!1\n"
    assert [text for size in (1, 2, 3) for text in product(characters, repeat=size) if is_bad("".join(text))] == []


def test_marks_that_are_too_many_go_wherever_they_stand():
    accents = "\u0301" * 40
    assert clean(f"first\ne{accents} last\nplain") == unicodedata.normalize(
        "NFC", f"first\ne{accents[:30]} last\nplain"
    )
