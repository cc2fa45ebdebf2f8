"""The body of a macro as it is written at a line of whoever called it, under names of its own."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, nodes


@dataclass(frozen=True)
class MacroBody:
    """A body as it is written at a line of the caller."""

    environment: Environment
    line: int
    own: Mapping[str, str]
    given: Mapping[str, nodes.Expr]
    alias: str
    macros: Mapping[str, nodes.Macro]
    body: list[nodes.Node]

    def each(self, found: Iterable[nodes.Node]) -> list[nodes.Node]:
        return [copy for one in found for copy in self._statements(one)]

    def _statements(self, node: nodes.Node) -> list[nodes.Node]:
        if isinstance(node, nodes.Output):
            copy = nodes.Output([self._of(one) for one in node.nodes], lineno=self.line)
            return list(split(copy, lambda one: self.body if is_caller(one) else None))
        if isinstance(node, nodes.If) and not node.elif_ and (known := self._known(node.test)) is not None:
            return self.each(node.body if known else node.else_)
        return [self._of(node)]

    def _known(self, test: nodes.Node) -> bool | None:
        try:
            return bool(self._of(test).as_const(nodes.EvalContext(self.environment)))
        except nodes.Impossible:
            return None

    def _of(self, value: Any) -> Any:
        if isinstance(value, list):
            is_body = value and isinstance(value[0], nodes.Stmt)
            return self.each(value) if is_body else [self._of(one) for one in value]
        if not isinstance(value, nodes.Node):
            return value
        if isinstance(value, nodes.Name):
            return self._named(value)
        fields = [self._of(getattr(value, field)) for field in value.fields]
        return type(value)(*fields, lineno=self.line, environment=self.environment)

    def _named(self, name: nodes.Name) -> nodes.Node:
        if name.name in self.given:
            return self.given[name.name]
        if name.name in self.macros and name.name not in self.own:
            return nodes.Getattr(nodes.Name(self.alias, "load"), name.name, "load", lineno=self.line)
        return nodes.Name(self.own.get(name.name, name.name), name.ctx, lineno=self.line)


def is_caller(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "caller"


def split(output: nodes.Output, written: Callable[[nodes.Node], list[nodes.Node] | None]) -> Iterator[nodes.Node]:
    """What is put one after another, statements between where `written` has some."""
    together: list[nodes.Node] = []
    for one in output.nodes:
        instead = written(one)
        if instead is None:
            together.append(one)
            continue
        if together:
            yield nodes.Output(together, lineno=output.lineno)
        together = []
        yield from instead
    if together:
        yield nodes.Output(together, lineno=output.lineno)


def together(statements: Iterable[Any]) -> Iterator[Any]:
    last = None
    for one in statements:
        if isinstance(one, nodes.Output) and isinstance(last, nodes.Output):
            last.nodes += one.nodes
            continue
        yield one
        last = one
