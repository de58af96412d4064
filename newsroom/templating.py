"""Templates of which what is looked up most is looked up fast: names, attributes and methods, and texts that are printed.

Django tries each dot of ``{{ article.headline }}`` as a key, as an attribute and as a place in a list, and looks of each value
whether it has a time zone and a way to be written. On a page of some hundred values that takes as long as all queries. Here the
usual case is seen to first, and whatever is not usual is left to Django, so that a template means the same: a name that is there
or is not, attributes and methods of plain objects, entries of a ``dict``, and text to print.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from html import escape
from types import MethodType
from typing import Any

from django.conf import settings
from django.template import Context, Template, VariableDoesNotExist
from django.template.base import FilterExpression, Node, NodeList, TextNode, Variable, VariableNode
from django.template.defaulttags import IfNode, TemplateLiteral
from django.template.loaders import cached
from django.template.smartif import TokenBase
from django.utils.safestring import SafeString

# What context processors give that is found out where a page asks for it, once.
_Memoised = type(cache(dict))
_LEFT_ALONE = "do_not_call_in_templates"
_NO_SUCH = "Failed lookup for key [%s] in %r"


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
        if type(part) is NodeList:
            part.__class__ = _Nodes
            part[:] = [_Printed.of(node) if type(node) is VariableNode else node for node in part]
    if type(part) is IfNode:
        part.__class__ = _If


def _fast(value: Any) -> Any:
    is_name = type(value) is Variable and value.lookups is not None and not value.translate
    return _Name(value.var) if is_name else value


class _Name(Variable):
    """A variable with dots or without."""

    __slots__ = ("first", "rest")

    def __init__(self, var: str) -> None:
        super().__init__(var)
        self.first, *self.rest = self.lookups

    def resolve(self, context: Context) -> Any:  # noqa: C901 - to share it out would be a call more for each name
        first = self.first
        for names in reversed(context.dicts):
            if first in names:
                value = names[first]
                break
        else:
            return self._absent(context, first, context)
        if callable(value):
            return self._called(value, context)
        for name in self.rest:
            kind = type(value)
            if kind is dict and name not in value:
                return self._absent(value, name, context)
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

    def _absent(self, where: Any, name: str, context: Context) -> Any:
        """Of what is not among the entries: an attribute, or a place, is Django's to find."""
        if hasattr(where, name) or name.isdecimal():
            return super().resolve(context)
        raise VariableDoesNotExist(_NO_SUCH, (name, where))

    def _called(self, value: Callable[[], Any], context: Context) -> Any:
        is_usual = type(value) is _Memoised and not hasattr(value, "alters_data") and not hasattr(value, _LEFT_ALONE)
        if not is_usual or self.rest:
            return super().resolve(context)
        try:
            return value()
        except Exception:  # noqa: BLE001 - as above
            return super().resolve(context)


class _Unfiltered(FilterExpression):
    """A variable in a tag, with no filters."""

    __slots__ = ()

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        try:
            return self.var.resolve(context)
        except VariableDoesNotExist:
            return super().resolve(context, ignore_failures)


class _Nodes(NodeList):
    """Parts of a template, of which half are text."""

    def render(self, context: Context) -> SafeString:
        return SafeString(
            "".join([node.s if type(node) is TextNode else node.render_annotated(context) for node in self])
        )


class _If(IfNode):
    """``{% if … %}``, which mostly asks whether there is a thing."""

    def render(self, context: Context) -> str:
        for condition, nodelist in self.conditions_nodelists:
            try:
                if condition is None:
                    is_met = True
                elif type(condition) is TemplateLiteral and type(condition.value) is _Unfiltered:
                    is_met = condition.value.var.resolve(context)
                else:
                    is_met = condition.eval(context)
            except VariableDoesNotExist:
                is_met = False
            if is_met:
                return nodelist.render(context)
        return ""


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
