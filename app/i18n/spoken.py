"""How templates are compiled: their sentences translated once instead of each time, marked text put as it is."""

from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from app.i18n import catalogues


def put(value: object) -> Markup:
    """`escape`, for which text that is marked already costs nothing: on a page of rows nearly all of it is."""
    return value if type(value) is Markup else escape(value)


class _Generator(CodeGenerator):
    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        if finalize.src is not None or frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.put(")


class SpokenEnvironment(Environment):
    """Of one language: `_("…")` becomes the sentence itself, with values a format. Plurals wait for their number."""

    lang = "en"
    code_generator_class = _Generator
    put = staticmethod(put)

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        return super()._generate(_Speaker(self.lang).visit(source), *args, **options)


class _Speaker(NodeTransformer):
    def __init__(self, lang: str) -> None:
        self.lang = lang

    def visit_Call(self, call: nodes.Call) -> nodes.Expr:  # noqa: N802 - the visitor asks for this name
        self.generic_visit(call)
        msgid = _msgid(call)
        if msgid is None:
            return call
        sentence = catalogues.gettext(self.lang, msgid)
        if not call.kwargs:
            return nodes.MarkSafeIfAutoescape(nodes.Const(sentence % {}), lineno=call.lineno)
        safe = nodes.MarkSafeIfAutoescape(nodes.Const(sentence))
        values = [nodes.Pair(nodes.Const(given.key), given.value) for given in call.kwargs]
        return nodes.Mod(safe, nodes.Dict(values), lineno=call.lineno)


def _msgid(call: nodes.Call) -> str | None:
    """What `_` is called with, where that is known before rendering."""
    if not isinstance(call.node, nodes.Name) or call.node.name != "_" or call.dyn_args or call.dyn_kwargs:
        return None
    match call.args:
        case [nodes.Const(value=str(text))]:
            return text
    return None
