"""How templates are compiled: their sentences translated once instead of each time, marked text put as it is."""

import functools
import types
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, nodes, pass_eval_context
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from app.domain.messages import C_
from app.i18n import catalogues

_PLAIN = frozenset({functools.partial, type(functools.cache(len)), types.MethodType, types.BuiltinMethodType})


def put(value: object) -> str:
    """What `escape` would put there; marked text and numbers, nearly all of a page of rows and charts, go past it."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int or kind is float else escape(value)


class _Generator(CodeGenerator):
    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        if finalize.src is not None or frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.put(")


class _Context(Context):
    """Macros and plain functions are called at once: what a call is given besides is for those that ask for it."""

    def call(__self, __obj: Any, *args: Any, **given: Any) -> Any:  # noqa: N805 - arguments may have any name
        kind = type(__obj)
        if kind is Macro:
            args = (__self.eval_ctx, *args)
        elif kind not in _PLAIN or hasattr(__obj, "jinja_pass_arg"):
            return super().call(__obj, *args, **given)
        given.pop("_block_vars", None)
        given.pop("_loop_vars", None)
        return __obj(*args, **given)


class SpokenEnvironment(Environment):
    """Of one language: `_("…")` becomes the sentence itself, and one with values or a number is only filled in."""

    lang = "en"
    code_generator_class = _Generator
    context_class = _Context
    put = staticmethod(put)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters |= {"spoken": _filled, "spoken_for": self._counted}

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        return super()._generate(_Speaker(self.lang).visit(source), *args, **options)

    @pass_eval_context
    def _counted(self, where: nodes.EvalContext, number: int, one: str, many: str, values: Mapping[str, Any]) -> str:
        sentence = catalogues.ngettext(self.lang, one, many, number)
        return _filled(where, sentence, {"num": number, **values})


@pass_eval_context
def _filled(where: nodes.EvalContext, sentence: str, values: Mapping[str, Any]) -> str:
    """A sentence with its values, as `Markup %` gives it for five times the cost."""
    if not where.autoescape:
        return sentence % values
    return Markup(sentence % {name: put(value) for name, value in values.items()})  # noqa: S704 - each is escaped


class _Speaker(NodeTransformer):
    def __init__(self, lang: str) -> None:
        self.lang = lang

    def visit_Call(self, call: nodes.Call) -> nodes.Expr:  # noqa: N802 - the visitor asks for this name
        self.generic_visit(call)
        if not isinstance(call.node, nodes.Name) or call.dyn_args or call.dyn_kwargs:
            return call
        match call.node.name, call.args:
            case "_", [nodes.Const(value=str(text))]:
                return self._said(text, call)
            case "pgettext", [nodes.Const(value=str(context)), nodes.Const(value=str(text))]:
                return self._said(C_(context, text), call)
            case "ngettext", [nodes.Const() as one, nodes.Const() as many, number]:
                return nodes.Filter(number, "spoken_for", [one, many, _values(call)], [], None, None)
            case "npgettext", [nodes.Const(value=context), nodes.Const(value=text), nodes.Const() as many, number]:
                one = nodes.Const(C_(context, text))
                return nodes.Filter(number, "spoken_for", [one, many, _values(call)], [], None, None)
        return call

    def _said(self, text: str, call: nodes.Call) -> nodes.Expr:
        sentence = catalogues.gettext(self.lang, text)
        if not call.kwargs:
            return nodes.MarkSafeIfAutoescape(nodes.Const(sentence % {}), lineno=call.lineno)
        return nodes.Filter(nodes.Const(sentence), "spoken", [_values(call)], [], None, None, lineno=call.lineno)


def _values(call: nodes.Call) -> nodes.Dict:
    return nodes.Dict([nodes.Pair(nodes.Const(given.key), given.value) for given in call.kwargs], lineno=call.lineno)
