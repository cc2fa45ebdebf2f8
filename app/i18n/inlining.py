"""Macros written into the loops that call them: of a short one that stands in every row, calling it is half the cost.

Only what reads the same in both places is moved: each name of the macro is made its own there, and where it needs one
that means something else to the caller, it stays a call.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

from app.i18n.macro_bodies import MacroBody, is_caller, split, together

_BOUND = (nodes.Block, nodes.ContextReference, nodes.EvalContextModifier, nodes.Extends, nodes.FromImport, nodes.Import,
          nodes.Include, nodes.Macro, nodes.NSRef)  # fmt: skip
_CALLS = frozenset({"caller", "varargs", "kwargs"})


def inlined(environment: Environment, template: nodes.Template, name: str) -> nodes.Template:
    """The template, its loops without calls of the macros that it imports or has."""
    return _Inliner(environment, _Module(environment, name, template)).visit(template)  # type: ignore[no-any-return]


class _Module:
    """A template as somebody who calls its macros sees it."""

    def __init__(self, environment: Environment, name: str, template: nodes.Template) -> None:
        self.name, self._environment = name, environment
        self.macros = {one.name: one for one in template.body if isinstance(one, nodes.Macro)}
        self.imports = {one.target: one for one in template.body if isinstance(one, nodes.Import)}
        self.stored = _names(template, "store", "param")
        self.set = _names(nodes.Scope([one for one in template.body if not isinstance(one, nodes.Macro)]), "store")
        within = [one for one in template.body if not isinstance(one, nodes.Assign)]
        self._within = _names(nodes.Scope(within), "store", "param")
        self._others: dict[str, _Module] = {}

    @cached_property
    def is_escaped(self) -> bool:
        escapes: Any = self._environment.autoescape
        return bool(escapes(self.name) if callable(escapes) else escapes)

    def imported(self, alias: str) -> "_Module | None":
        found = self.imports.get(alias)
        if found is None or alias in self.stored or not isinstance(found.template, nodes.Const):
            return None
        if alias not in self._others:
            self._others[alias] = _module(self._environment, found.template.value)
        return self._others[alias]

    def may_hold(self, macro: nodes.Macro, of: "_Module", alias: str) -> bool:
        """Whether every name that the macro does not bring along means the same here."""
        free = _names(macro, "load") - _names(macro, "store", "param") - of.macros.keys() - _CALLS
        borrowed = free & of.imports.keys()
        if borrowed & self.stored or any(
            _source(self.imports.get(one)) != _source(of.imports[one]) for one in borrowed
        ):
            return False
        seen = free - borrowed
        if not alias:  # what a template sets outside of its blocks is the same in all of it
            return not seen & self._within
        if any(name.startswith("_") for name in _names(macro, "load") & of.macros.keys()):
            return False  # what its template keeps to itself
        if not self.imports[alias].with_context:
            return seen <= self._environment.globals.keys() | {"loop"} and not seen & self.stored
        return not seen & (self.stored | self.imports.keys() | of.set)


def _module(environment: Environment, name: str) -> _Module:
    loader: Any = environment.loader
    source, path, _ = loader.get_source(environment, name)
    return _Module(environment, name, environment._parse(source, name, path))


def _source(found: nodes.Import | None) -> object:
    return found.template.value if found and isinstance(found.template, nodes.Const) else None


def _names(node: nodes.Node, *contexts: str) -> set[str]:
    every = [*node.find_all(nodes.Name), *([node] if isinstance(node, nodes.Name) else [])]
    return {one.name for one in every if one.ctx in contexts}


@dataclass(frozen=True)
class _Call:
    """A call that can be written out: what is given to each of the macro's names."""

    macro: nodes.Macro
    alias: str  # under which its template is imported, empty: the same template
    given: Mapping[str, nodes.Expr]


class _Inliner(NodeTransformer):
    def __init__(self, environment: Environment, here: _Module) -> None:
        self._environment, self._here = environment, here
        self._loops, self._open, self._numbers = 0, list[nodes.Macro](), count(1)

    def visit_For(self, loop: nodes.For) -> nodes.Node:  # noqa: N802 - the visitor asks for this name
        self._loops += 1
        self.generic_visit(loop)
        self._loops -= 1
        return loop

    def visit_Output(self, output: nodes.Output) -> nodes.Node | list[nodes.Node]:  # noqa: N802
        output.nodes = [one for joined in output.nodes for one in _joined(joined)]
        self.generic_visit(output)
        return list(split(output, self._written_call)) if self._loops else output

    def generic_visit(self, node: nodes.Node, *args: Any, **given: Any) -> nodes.Node:
        """What is put one after another is put at once."""
        super().generic_visit(node, *args, **given)
        for _, value in node.iter_fields():
            if isinstance(value, list):
                value[:] = list(together(value))
        return node

    def visit_CallBlock(self, block: nodes.CallBlock) -> nodes.Node | list[nodes.Node]:  # noqa: N802
        self.generic_visit(block)
        call = None if block.args or not self._loops else self._call(block.call)
        if call is None or not _asks_once(call.macro):
            return block
        return self._written(call, block.call.lineno, block.body)

    def _written_call(self, node: nodes.Node) -> list[nodes.Node] | None:
        if isinstance(node, nodes.CondExpr) and node.expr2 is not None and self._call(node.expr1):
            one, other = (list(split(nodes.Output([part]), self._written_call)) for part in (node.expr1, node.expr2))
            return [nodes.If(node.test, one, [], other, lineno=node.lineno)]
        call = self._call(node)
        if call is None or "caller" in _names(call.macro, "load"):
            return None
        return self._written(call, node.lineno, [])

    def _call(self, node: nodes.Node) -> _Call | None:
        match node:
            case nodes.Call(node=nodes.Name(name=name)) if name not in self._here.stored:
                alias, of = "", self._here
            case nodes.Call(node=nodes.Getattr(node=nodes.Name(name=alias), attr=name)) if self._here.imported(alias):
                of = self._here.imported(alias) or self._here
            case _:
                return None
        macro = of.macros.get(name)
        if macro is None or macro in self._open or not self._is_free(macro, of, alias):
            return None
        given = _given(macro, node)
        return None if given is None else _Call(macro, alias, given)

    def _is_free(self, macro: nodes.Macro, of: _Module, alias: str) -> bool:
        is_plain = next(macro.find_all(_BOUND), None) is None and of.is_escaped == self._here.is_escaped
        return is_plain and not _names(macro, "load") & {"varargs", "kwargs"} and self._here.may_hold(macro, of, alias)

    def _written(self, call: _Call, line: int, body: list[nodes.Node]) -> list[nodes.Node]:
        """The macro's body under names of its own."""
        number = next(self._numbers)
        own = {name: f"{name}__{number}" for name in _names(call.macro, "store", "param")}
        macros = self._here.imported(call.alias).macros if call.alias else {}  # type: ignore[union-attr]
        given = {name: value for name, value in call.given.items() if _is_put(name, value, call.macro)}
        copy = MacroBody(self._environment, line, own, given, call.alias, macros, body)
        kept = {own[name]: value for name, value in call.given.items() if name not in given}
        texts = {name: text for name, value in kept.items() if (text := self._written_call(value))}
        self._open.append(call.macro)
        written = list(together(one for kept in copy.each(call.macro.body) for one in self.visit_list(kept)))
        self._open.pop()
        if own.keys() == given.keys():
            return written  # it names nothing: it needs no scope of its own
        sets = [nodes.AssignBlock(nodes.Name(name, "store"), None, text, lineno=line) for name, text in texts.items()]
        bound = {name: value for name, value in kept.items() if name not in texts}
        names: list[nodes.Expr] = [nodes.Name(name, "param") for name in bound]
        return [nodes.With(names, [*bound.values()], [*sets, *written], lineno=line)]


def _given(macro: nodes.Macro, call: Any) -> dict[str, nodes.Expr] | None:
    """By name; None: as the macro itself takes it."""
    names = [one.name for one in macro.args]
    if call.dyn_args or call.dyn_kwargs or len(call.args) > len(names):
        return None
    defaults = dict(zip(names[len(names) - len(macro.defaults) :], macro.defaults, strict=True))
    given = dict(zip(names, call.args, strict=False))
    named = {one.key: one.value for one in call.kwargs}
    whole = defaults | given | named
    is_whole = whole.keys() == set(names) and not given.keys() & named.keys()
    return whole if is_whole and all(isinstance(one, nodes.Const) for one in macro.defaults) else None


def _joined(node: nodes.Expr) -> Iterator[nodes.Expr]:
    if not isinstance(node, nodes.Concat):
        yield node
        return
    for one in node.nodes:
        yield from _joined(one)


def _is_put(name: str, value: nodes.Expr, macro: nodes.Macro) -> bool:
    """Whether it may stand where the macro names it, instead of being kept under a name first."""
    if isinstance(value, nodes.Const | nodes.Name):
        return name not in _names(nodes.Scope(macro.body), "store")
    uses = sum(one.name == name for one in nodes.Scope(macro.body).find_all(nodes.Name))
    loops = [one for loop in macro.find_all((nodes.For, nodes.CallBlock)) for one in loop.find_all(nodes.Name)]
    shown = [one for output in macro.find_all(nodes.Output) for one in output.nodes if isinstance(one, nodes.Name)]
    return uses == 1 and any(one.name == name for one in shown) and not any(one.name == name for one in loops)


def _asks_once(macro: nodes.Macro) -> bool:
    """Whether what a call stands around is shown in one place, and nothing else is done with it."""
    asked = [one for one in macro.find_all(nodes.Name) if one.name == "caller"]
    shown = [one for output in macro.find_all(nodes.Output) for one in output.nodes if is_caller(one)]
    loops = [one for loop in macro.find_all(nodes.For) for one in loop.find_all(nodes.Name) if one.name == "caller"]
    return len(asked) == len(shown) == 1 and not loops
