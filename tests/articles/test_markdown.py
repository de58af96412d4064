"""Markdown, its plain-text projection, and marks that stay where the projection says."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from articles.annotations import Annotation
from articles.markdown import _parsed_html, _plain_html, _sanitised, _spans, escape, from_blocks, render, to_text

LINE = (
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]) | st.just(" "), min_size=1)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)


def note(start: int, end: int, *spans: tuple[int, int]) -> Annotation:
    return Annotation(start, end, spans or ((start, end),), f"quote-{start}", f"/quotes/{start}/", "Quote: X", None)


def visible(html: str) -> str:
    return unescape(re.sub(r"<sup.*?</sup>|<[^>]*>", "", html))


@given(st.lists(st.tuples(st.sampled_from(["paragraph", "subhead"]), LINE), min_size=1))
def test_any_text_reads_back_as_it_was(blocks):
    assert to_text(from_blocks(blocks)) == "\n".join(text for _, text in blocks)


@given(LINE)
def test_rendered_text_is_the_projection(text):
    assert visible(render(escape(text))).strip() == text


def test_projection_drops_the_syntax():
    assert (
        to_text("# Head\n\nSome *fine* [link](https://x.test)\nnext.\n\n- a\n- b") == "Head\nSome fine link next.\na\nb"
    )


def test_mark_spans_emphasis_without_breaking_it():
    html = render("He said *all is* well.", [note(3, 19)])
    assert html.count("<mark") == 3
    assert html.count('id="quote-3"') == 1
    assert "<em><mark" in html
    assert html.count('<sup class="quote-ref" dir="ltr"><a href="/quotes/3/" aria-label="1. Quote: X">1</a></sup>') == 1


def test_segments_are_marked_and_the_link_follows_the_last():
    html = render("One two three four.", [note(0, 13, (0, 3), (8, 13))])
    assert re.sub(r' (class|id|dir|href|aria-label)="[^"]*"', "", html).strip() == (
        "<p><mark>One</mark> two <mark>three</mark><sup><a>1</a></sup> four.</p>"
    )


def test_overlapping_mark_is_left_out_and_found_where_the_other_ends():
    html = render("One two three.", [note(0, 7), note(4, 13)])
    assert html.count("<mark") == 1
    link = '<a href="/quotes/4/" aria-label="2. Quote: X">2</a>'
    assert f'<sup class="quote-ref" id="quote-4" dir="ltr">{link}</sup> three' in html


def test_link_of_segments_of_which_the_last_overlaps_follows_the_one_before():
    html = render("One two three four.", [note(0, 13, (0, 3), (8, 13)), note(4, 18)])
    assert [html.count(part) for part in ("<mark", 'id="quote-0"', ">1</a>", 'id="quote-4"', ">2</a>")] == [
        2,
        1,
        1,
        1,
        1,
    ]


def test_number_stands_after_the_marks_that_close_the_quotation():
    html = render("“One.” “Two,” he said, “three.”", [note(1, 5), note(8, 30, (8, 12), (24, 30))])
    assert re.sub(r"<sup.*?>(\d)</a></sup>", r"[\1]", re.sub(r"</?mark[^>]*>", "", html)).strip() == (
        "<p>“One.”[1] “Two,” he said, “three.”[2]</p>"
    )


def test_warning_is_read_beside_the_number_and_heard_in_the_name_of_the_link():
    for body in ("“One.” Two.", "“One.” *Two.*"):
        html = render(body, [replace(note(1, 5), warning="disputed"), note(7, 11)])
        assert 'aria-label="1 disputed. Quote: X">1 disputed</a>' in html
        assert html.count("quoted--warned") == 1


def test_label_of_a_link_is_text():
    hostile = replace(note(0, 3), label='"><script>x</script>&', url='/q/"onclick="x/')
    for body in ("One two.", "One *two*."):
        html = render(body, [hostile])
        assert 'aria-label="1. &quot;&gt;&lt;script&gt;x&lt;/script&gt;&amp;"' in html
        assert 'href="/q/&quot;onclick=&quot;x/"' in html


def test_raw_html_and_scripts_never_pass():
    html = render(
        "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1)) [y](data:text/html,x)"
    )
    assert "<script" not in html
    assert "<img" not in html
    assert "href" not in html


def test_outward_links_do_not_pass_on_trust():
    assert 'rel="noopener nofollow ugc"' in render("[x](https://example.org)")


def test_top_heading_is_demoted():
    assert render("# Head").startswith("<h2>")


PIECES = st.sampled_from(
    ["word", " ", "  ", "\n", "\n\n", "\n\n\n", "## ", "# ", "- ", "1. ", "1) ", "> ", "=", "---", "~~~", "`", "*", "_", "[a](b)",
     "\\*", "\\", "\\#", "\\1", "1\\.", "&amp;", "&", "\\&", "<b>", "\t", "\r", "\0", "\u00a0", "\u2028", "#", "!", "|", ":", "“", "”"]
)  # fmt: skip


def _marks(starts: list[int], body: str) -> list[Annotation]:
    """Spans of three characters of the text, or of what is left of it."""
    size = len(to_text(body))
    return [note(start, min(start + 3, size)) for start in starts if start < size]


STARTS = st.lists(st.integers(0, 30), max_size=4, unique=True)


def _same_either_way(body: str, starts: list[int]) -> bool:
    """Whether the body is read without the parser. If it is, then as by the parser."""
    spans = _spans(_marks(starts, body))
    plain = _plain_html(body, spans)
    assert plain in ("", _parsed_html(body, spans))
    assert _parts(plain) == _parts(_sanitised(plain)), "there was something to sanitise"
    return bool(plain)


class _Parts(HTMLParser):
    """What a browser finds in HTML: tags with their attributes, text, and whatever else there may be."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, object]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, sorted(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(("end", tag))

    def handle_data(self, data: str) -> None:
        self.found.append(("text", data))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("declaration", decl))


def _parts(html: str) -> list[tuple[str, object]]:
    parser = _Parts()
    parser.feed(html)
    parser.close()
    return parser.found


@given(st.lists(PIECES, max_size=8).map("".join), STARTS)
def test_bodies_that_are_read_without_the_parser_are_read_as_by_it(body: str, starts: list[int]) -> None:
    _same_either_way(body, starts)


@given(st.lists(st.tuples(st.sampled_from(["paragraph", "subhead"]), LINE), min_size=1), STARTS)
def test_what_imports_write_is_read_without_the_parser(blocks: list[tuple[str, str]], starts: list[int]) -> None:
    _same_either_way(from_blocks(blocks), starts)


def test_usual_text_is_read_without_the_parser() -> None:
    body = from_blocks(
        [("paragraph", "“It’s closed,” she said; *why* & 3 < 4?"), ("subhead", "Costs"), ("paragraph", "- 5")]
    )
    assert _same_either_way(body, [1, 25, 40])
    assert render(body, _marks([1, 25, 40], body)).count("<mark") == 3


def test_hostile_text_without_syntax_is_escaped() -> None:
    hostile = replace(note(0, 3), label='"><script>x</script>&', url='/q/"onclick="x/', anchor='a" onclick="x')
    body = from_blocks([("paragraph", "One <script>alert(1)</script> & <img src=x onerror=alert(1)> &lt;b&gt;")])
    html = _plain_html(body, _spans([hostile]))
    assert html
    assert _parts(html) == _parts(_sanitised(html))
    assert {tag for tag, _rest in _parts(html)} == {"p", "mark", "sup", "a", "text", "end"}
