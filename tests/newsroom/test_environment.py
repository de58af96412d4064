"""Templates of readers' pages are all there, and call nothing that is not."""

from datetime import date

import pytest
from django.template import engines
from jinja2 import nodes

ENVIRONMENT = engines["public"].env
# What the view hands over is called, too.
GIVEN = {"canonical_url", "super"}


@pytest.mark.parametrize("name", ENVIRONMENT.list_templates())
def test_templates_compile_and_call_what_there_is(name: str) -> None:
    source, _path, _is_fresh = ENVIRONMENT.loader.get_source(ENVIRONMENT, name)
    ENVIRONMENT.get_template(name)
    tree = ENVIRONMENT.parse(source)
    called = {call.node.name for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)}
    imported = {one for part in tree.find_all(nodes.FromImport) for one in part.names}
    assert called - set(ENVIRONMENT.globals) - GIVEN - imported == set()
    included = [
        part.template.value
        for part in tree.find_all((nodes.Include, nodes.Extends, nodes.FromImport))
        if isinstance(part.template, nodes.Const)
    ]
    assert set(included) <= set(ENVIRONMENT.list_templates())


def drawn(source: str, **given: object) -> str:
    return ENVIRONMENT.from_string(source).render(given)


def test_text_is_escaped_unless_a_function_has_done_so() -> None:
    assert drawn("{{ text }}", text="<b> & \"'") == "&lt;b&gt; &amp; &#34;&#39;"
    assert (
        drawn("{{ printed_date(day) }}", day=date(2024, 2, 1)) == '<time datetime="2024-02-01">1 February 2024</time>'
    )


def test_what_is_not_there_prints_as_nothing() -> None:
    assert drawn("[{{ quote.article.document.sha256 }}]", quote=None) == "[]"
    assert drawn("{% if preview.back %}yes{% else %}no{% endif %}") == "no"
