"""How templates are compiled: their sentences translated once instead of each time, marked text put as it is."""

import functools
import re
import types
from collections.abc import Iterator, Mapping, MutableMapping
from threading import RLock
from typing import Any

from jinja2 import Environment, Template, nodes, pass_eval_context
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

from app.domain.messages import C_
from app.i18n import catalogues
from app.i18n.inlining import inlined

_VALUE = re.compile(r"%\((\w+)\)s")
_PLAIN = frozenset({functools.partial, type(functools.cache(len)), types.MethodType, types.BuiltinMethodType})


def put(value: Any) -> str:
    """What `escape` would put there; marked text, plain text and numbers, nearly all of a page, go past it.

    What is put only joins the rest: plain text is escaped, but not marked again.
    """
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    if kind is str:
        return _escape_inner(value)
    return str(value) if kind is int or kind is float else escape(value)


class _Generator(CodeGenerator):
    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        if finalize.src is not None or frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("put(")

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("put = environment.put")


class _Context(Context):
    """Macros and plain functions are called at once: what a call is given besides is for those that ask for it."""

    def call(__self, __obj: Any, *args: Any, **given: Any) -> Any:  # noqa: N805 - arguments may have any name
        kind = type(__obj)
        if kind is not Macro and (kind not in _PLAIN or hasattr(__obj, "jinja_pass_arg")):
            return super().call(__obj, *args, **given)
        given.pop("_block_vars", None)
        given.pop("_loop_vars", None)
        return _run(__obj, __self.eval_ctx, args, given) if kind is Macro else __obj(*args, **given)


def _run(macro: Macro, where: nodes.EvalContext, args: tuple[Any, ...], given: dict[str, Any]) -> str:
    """As a macro calls itself, where it is given no more than it names."""
    if len(args) > len(macro.arguments) or _takes_more(macro) or macro.caller != ("caller" in given):
        return macro(where, *args, **given)
    values = [*args, *[given.pop(name, missing) for name in macro.arguments[len(args) :]]]
    if macro.caller:
        values.append(given.pop("caller"))
    if given:
        return macro(where, *args, **given)  # it says what it does not take
    text = macro._func(*values)
    return Markup(text) if where.autoescape else text  # noqa: S704 - as the macro itself


def _takes_more(macro: Macro) -> bool:
    return macro.catch_varargs or macro.catch_kwargs or macro.explicit_caller


class SpokenEnvironment(Environment):
    """Of one language: `_("…")` becomes the sentence itself, and one with values or a number is only filled in."""

    lang = "en"
    code_generator_class = _Generator
    context_class = _Context
    put = staticmethod(put)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._compiling = RLock()
        self.filters |= {"spoken": _filled, "spoken_for": self._counted}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The environment's own where a template has no others: a chain of both is looked through name by name."""
        return super().make_globals(d) if d else self.globals

    def _load_template(self, *args: Any) -> Template:
        """Compiled once, however many threads ask for it first: each would spend half a second of everybody's time."""
        with self._compiling:
            return super()._load_template(*args)

    def _generate(self, source: nodes.Template, name: str | None, *args: Any, **options: Any) -> str:
        written = _Speaker(self.lang).visit(inlined(self, source, name or "")).set_environment(self)
        return super()._generate(written, name, *args, **options)

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

    def visit_Output(self, output: nodes.Output) -> nodes.Node:  # noqa: N802
        """Sentences with values, and what is joined, are put piece by piece."""
        self.generic_visit(output)
        output.nodes = [piece for one in output.nodes for piece in _pieces(one)]
        return output

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


def _pieces(node: nodes.Expr) -> Iterator[nodes.Expr]:
    match node:
        case nodes.Concat(nodes=joined):
            for one in joined:
                yield from _pieces(one)
        case nodes.Filter(name="spoken", node=nodes.Const(value=sentence), args=[nodes.Dict(items=given)]):
            yield from _filled_in(sentence, {pair.key.as_const(): pair.value for pair in given}) or [node]
        case _:
            yield node


def _filled_in(sentence: str, values: dict[str, nodes.Expr]) -> list[nodes.Expr] | None:
    """Its words and its values in turn; None where a value is said twice, or in another form than plain."""
    words, names = _VALUE.split(sentence)[::2], _VALUE.findall(sentence)
    if len(set(names)) < len(names) or not values.keys() >= set(names) or "%" in "".join(words).replace("%%", ""):
        return None
    said: list[nodes.Expr] = [nodes.TemplateData(words[0].replace("%%", "%"))]
    for name, following in zip(names, words[1:], strict=True):
        said += [values[name], nodes.TemplateData(following.replace("%%", "%"))]
    return [one for one in said if not isinstance(one, nodes.TemplateData) or one.data]


def _values(call: nodes.Call) -> nodes.Dict:
    return nodes.Dict([nodes.Pair(nodes.Const(given.key), given.value) for given in call.kwargs], lineno=call.lineno)
