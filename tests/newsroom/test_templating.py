"""Fast look-ups in templates give what Django's give."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Engine, Template
from django.template.base import VariableNode
from django.template.loader import get_template
from django.utils.safestring import mark_safe

from newsroom.templating import Loader

LIBRARIES = {"news": "articles.templatetags.news"}


class _MissingError(Exception):
    silent_variable_failure = True


@dataclass
class _Thing:
    name: str = "<b>Pier</b> & \"quay\" 'x'"
    html: str = mark_safe("<b>safe</b>")
    inner: Any = field(default_factory=lambda: SimpleNamespace(name="inner", number=1234567, none=None))

    def method(self) -> str:
        return "called <i>"

    def needs(self, argument: str) -> str:
        return argument

    def delete(self) -> str:
        raise AssertionError("a template called what alters data")

    delete.alters_data = True

    @property
    def quiet(self) -> str:
        raise _MissingError

    def refuses(self) -> str:
        raise _MissingError


class _Uncalled:
    do_not_call_in_templates = True
    label = "<label>"

    def __str__(self) -> str:
        return "uncalled"


@cache
def _altering() -> str:
    raise AssertionError("a template called what alters data")


_altering.alters_data = True  # type: ignore[attr-defined]


def _values() -> dict[str, Any]:
    return {
        "thing": _Thing(),
        "things": [_Thing(name="a"), _Thing(name="b")],
        "pairs": [("x", "<1>"), ("y", "<2>")],
        "by_key": {"name": "key <k>", "items": "an entry", "call": lambda: "a lambda", "0": "zero"},
        "moment": datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        "number": 12345.5,
        "yes": True,
        "nothing": None,
        "text": "it's <text>",
        "call": lambda: "called",
        "uncalled": _Uncalled(),
        "words": ["<w>"],
        "found_out": cache(partial(str, "<found>")),
        "of_things": cache(_Thing),
        "altering": _altering,
    }


EXPRESSIONS = [
    "{{ thing.name }}{{ thing.html }}{{ thing.inner.name }}{{ thing.inner.number }}{{ thing.inner.none }}",
    "{{ thing.method }}|{{ thing.needs }}|{{ thing.delete }}|{{ thing.quiet }}|{{ thing.refuses }}|{{ thing.absent.more }}",
    "{{ by_key.name }}{{ by_key.items }}{{ by_key.call }}{{ by_key.0 }}{{ by_key.absent }}{{ by_key.keys }}",
    "{{ things.0.name }}{{ things.1.name }}{{ things.2.name }}{{ pairs.0.1 }}{{ words }}{{ words.0 }}",
    "{{ moment }}{{ number }}{{ yes }}{{ nothing }}{{ text }}{{ absent }}{{ text.upper }}{{ 5 }}{{ 'a<b' }}{{ \"x\"|upper }}",
    "{{ call }}{{ uncalled }}{{ uncalled.label }}",
    "{{ text|upper }}{{ text|safe }}{{ thing.name|default:text }}{{ absent|default:thing.name }}{{ text|truncatechars:5|lower }}",
    "{% autoescape off %}{{ text }}{{ thing.name }}{{ thing.inner.number }}{% endautoescape %}{{ text|escape }}{{ text|force_escape }}",
    "{% if thing.name and not nothing %}1{% endif %}{% if thing.absent %}2{% elif number > 3 %}3{% else %}4{% endif %}",
    "{% if 'a' in things.0.name or absent %}5{% endif %}{% if thing.refuses == None %}6{% endif %}{% if thing.quiet %}7{% endif %}",
    "{% for one in things %}{{ forloop.counter }}{{ one.name }}{% if not forloop.last %}, {% endif %}{% empty %}none{% endfor %}",
    "{% for name, value in pairs %}{{ name }}{{ value }}{% endfor %}{% for one in nothing %}{% empty %}none{% endfor %}",
    "{% with other=thing.inner %}{{ other.name }}{{ other.number }}{% endwith %}{% firstof absent text %}{% cycle 'a' text %}",
    "{% for one in things %}{% ifchanged one.inner.number %}{{ one.name }}{% endifchanged %}{% endfor %}{{ text|slice:':2' }}",
    "{% load news %}{% hits text words length=3 %}{{ text|excerpt:4 }}{{ thing.name|direction }}",
    "{{ found_out }}{{ found_out|upper }}{{ of_things.name }}{{ altering }}{% if altering %}8{% else %}9{% endif %}",
    "{% if absent %}{% elif absent.more %}{% elif by_key.absent %}{% elif by_key.5 %}{% elif by_key.keys %}10{% endif %}",
    "{% for one in absent %}{% empty %}none{% endfor %}{% with other=absent.more %}{{ other }}|{% endwith %}{{ by_key.5 }}",
    "{{ by_key.absent|default:text }}{{ absent.more|default_if_none:text }}{% firstof by_key.absent found_out %}",
    "{{ template_name }}{{ autoescape }}{% if autoescape %}11{% endif %}{{ dicts }}{% if push %}12{% endif %}{{ text }}",
    "{% include inner with text=thing.name %}{% include 'inner' only %}",
]
_INNER = "[{{ text }}{{ thing.name }}]"


def _engine(loader: str, source: str, invalid: str = "") -> Engine:
    table = ("django.template.loaders.locmem.Loader", {"page": source, "inner": _INNER})
    return Engine(loaders=[(loader, [table])], libraries=LIBRARIES, string_if_invalid=invalid)


@pytest.mark.parametrize("source", EXPRESSIONS)
@pytest.mark.parametrize("invalid", ["", "<invalid>", "no %s"])
def test_templates_mean_the_same(source: str, invalid: str) -> None:
    written = [
        _engine(loader, source, invalid).get_template("page").render(Context(_values() | {"inner": "inner"}))
        for loader in ("django.template.loaders.cached.Loader", "newsroom.templating.Loader")
    ]
    assert written[1] == written[0]
    assert written[1].strip()


def test_numbers_are_grouped_where_the_settings_say_so(settings: Any) -> None:
    settings.USE_THOUSAND_SEPARATOR = True
    test_templates_mean_the_same("{{ thing.inner.number }}", "")


def test_what_is_memoised_is_found_out_once() -> None:
    asked = []
    page = _engine("newsroom.templating.Loader", "{{ moment }}{% if moment %}{{ moment }}{% endif %}").get_template(
        "page"
    )
    assert page.render(Context({"moment": cache(lambda: asked.append(1) or "now")})) == "nownow"
    assert asked == [1]


def test_what_a_template_raises_is_raised() -> None:
    def broken() -> str:
        raise ZeroDivisionError

    thing = SimpleNamespace(broken=broken)
    for source in ("{{ thing.broken }}", "{% for one in thing.broken %}{% endfor %}"):
        with pytest.raises(ZeroDivisionError):
            _engine("newsroom.templating.Loader", source).get_template("page").render(Context({"thing": thing}))


def test_the_site_uses_them() -> None:
    template: Template = get_template("articles/_card.html").template
    assert isinstance(template.engine.template_loaders[0], Loader)
    assert not [node for node in template.nodelist if type(node) is VariableNode]
