"""Operators that cosmic-ray does not have: a statement, or the context of statements, is left out."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from cosmic_ray.operators.operator import Operator
from parso.python.tree import Keyword

Position = tuple[int, int]
Node = Any
"""A node of parso, which is installed for `make mutants` only: mypy cannot count on its types."""


class _Drop(Operator):  # type: ignore[misc]  # cosmic-ray ships no types
    """Mutates a node in one way, if at all."""

    @staticmethod
    @abstractmethod
    def fits(node: Node) -> bool:
        """Whether a node can be mutated."""

    def mutation_positions(self, node: Node) -> Iterator[tuple[Position, Position]]:
        if self.fits(node):
            yield node.start_pos, node.end_pos

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class DropStatement(_Drop):
    """A function's call, raise, return, del or change of a value becomes `pass`."""

    @staticmethod
    def fits(node: Node) -> bool:
        if node.type != "simple_stmt" or node.search_ancestor("funcdef") is None:
            return False
        statement = node.children[0]
        if statement.type == "expr_stmt":
            # An assignment to a name is left alone: that the name is missing is found at once.
            target, operator = statement.children[:2]
            return bool(operator.type == "operator" and (operator.value != "=" or target.type != "name"))
        return statement.type in {"atom_expr", "raise_stmt", "return_stmt", "del_stmt"}

    def mutate(self, node: Node, _index: int) -> Node:
        node.children[0] = _keyword("pass", node)
        return node


class DropContext(_Drop):
    """`with lock:` becomes `if True:`."""

    @staticmethod
    def fits(node: Node) -> bool:
        if node.type != "with_stmt" or (node.parent is not None and node.parent.type == "async_stmt"):
            return False
        _, context, colon = node.children[:3]
        return bool(colon.type == "operator" and colon.value == ":" and context.type != "with_item")

    def mutate(self, node: Node, _index: int) -> Node:
        node.children[:2] = [_keyword("if", node), Keyword("True", node.start_pos, prefix=" ")]
        return node


def _keyword(word: str, instead_of: Node) -> Keyword:
    prefix = instead_of.get_first_leaf().prefix
    return Keyword(word, instead_of.start_pos, prefix=prefix)
