"""Templates of which what is looked up most is looked up fast: names, attributes and methods, and texts that are printed.

Django tries each dot of ``{{ article.headline }}`` as a key, as an attribute and as a place in a list, and looks of each value
whether it has a time zone and a way to be written. On a page of some hundred values that takes as long as all queries. Here the
usual case is seen to first, and whatever is not usual is left to Django, so that a template means the same: a name that is there,
attributes and methods of plain objects, entries of a ``dict``, and text to print.
"""

from __future__ import annotations

from html import escape
from types import MethodType
from typing import Any

from django.conf import settings
from django.template import Context, Template, VariableDoesNotExist
from django.template.base import FilterExpression, Node, NodeList, Variable, VariableNode
from django.template.loaders import cached
from django.template.smartif import TokenBase
from django.utils.safestring import SafeString


class Loader(cached.Loader):
    """Keeps templates like the one of Django, with fast look-ups in them."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template = super().get_template(template_name, skip)
        if not hasattr(template, "is_fast"):
            _hasten(template.nodelist)
            template.is_fast = True
        return template


def _hasten(part: Any) -> None:
    """Put fast look-ups into a part of a template: nodes, what they hold, and what that holds."""
    if isinstance(part, FilterExpression):
        part.var = _fast(part.var)
        part.filters = [(func, [(lookup, _fast(arg)) for lookup, arg in args]) for func, args in part.filters]
        if type(part) is FilterExpression and part.is_var and not part.filters:
            part.__class__ = _Unfiltered
    elif isinstance(part, Node | TokenBase):
        _hasten(vars(part))
    elif isinstance(part, dict):
        _hasten(list(part.values()))
    elif isinstance(part, list | tuple):
        for inner in part:
            _hasten(inner)
        if isinstance(part, NodeList):
            part[:] = [_Printed.of(node) if type(node) is VariableNode else node for node in part]


def _fast(value: Any) -> Any:
    is_name = type(value) is Variable and value.lookups is not None and not value.translate
    return _Name(value.var) if is_name else value


class _Name(Variable):
    """A variable with dots or without."""

    __slots__ = ("first", "rest")

    def __init__(self, var: str) -> None:
        super().__init__(var)
        self.first, *self.rest = self.lookups

    def resolve(self, context: Context) -> Any:
        first = self.first
        for names in reversed(context.dicts):
            if first in names:
                value = names[first]
                break
        else:
            return super().resolve(context)
        if callable(value):
            return super().resolve(context)
        for name in self.rest:
            kind = type(value)
            try:
                if kind is dict:
                    value = value[name]
                elif hasattr(kind, "__getitem__"):
                    return super().resolve(context)
                else:
                    value = getattr(value, name)
                if callable(value):
                    if type(value) is not MethodType or hasattr(value, "alters_data"):
                        return super().resolve(context)
                    value = value()
            except Exception:  # noqa: BLE001 - Django knows which to hide, and tells the others
                return super().resolve(context)
        return value


class _Unfiltered(FilterExpression):
    """A variable in a tag, with no filters."""

    __slots__ = ()

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        try:
            return self.var.resolve(context)
        except VariableDoesNotExist:
            return super().resolve(context, ignore_failures)


class _Printed(VariableNode):
    """``{{ … }}``."""

    @classmethod
    def of(cls, node: VariableNode) -> _Printed:
        made = cls(node.filter_expression)
        made.token, made.origin = node.token, node.origin
        return made

    def render_annotated(self, context: Context) -> str:
        expression = self.filter_expression
        try:
            value = expression.resolve(context)
        except Exception:  # noqa: BLE001 - as above
            return super().render_annotated(context)
        kind = type(value)
        if kind is SafeString:
            return value
        if kind is str:
            return escape(value) if context.autoescape else value
        if kind is int and not settings.USE_THOUSAND_SEPARATOR:
            return str(value)
        return super().render_annotated(context)
