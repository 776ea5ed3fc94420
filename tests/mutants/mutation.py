"""The mutants of a tree: what the operators make of its modules, and a seeded sample of them."""

import ast
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names
from mutants.mutant import Mutant
from mutants.operators import DropContext, DropStatement, Position


def sample(root: Path, modules: Iterable[str], seed: int) -> Iterator[Mutant]:
    """Mutants in an order that the seed decides, one for each place that can be changed.

    Operators make many mutants of one place and few of another; every place counts the same here.
    """
    places: dict[tuple[str, Position, Position], list[tuple[str, int]]] = defaultdict(list)
    for module in modules:
        for place, operator, occurrence in _places((root / module).read_text("utf-8")):
            places[module, *place].append((operator, occurrence))
    generator = random.Random(seed)  # noqa: S311  # a sample, not a secret
    order = list(places)
    generator.shuffle(order)
    for module, start, end in order:
        operator, occurrence = generator.choice(places[module, start, end])
        original = (root / module).read_text("utf-8")
        try:
            mutated = mutate_code(original, _OPERATORS[operator], occurrence)
        except AttributeError:
            # cosmic-ray's ExceptionReplacer cannot change a dotted name within parentheses.
            continue
        if mutated is not None and _differs(original, mutated):
            yield Mutant(module, operator, start[0], original, mutated)


def _places(source: str) -> Iterator[tuple[tuple[Position, Position], str, int]]:
    """Each place that an operator can change, with the operator's name and the number of this use of it."""
    tree = get_ast(source)
    nodes = list(ast_nodes(tree))
    ignored = list(_not_run(source))
    for name, operator in _OPERATORS.items():
        found = (place for node in nodes for place in operator.mutation_positions(node))
        for occurrence, (start, end) in enumerate(found):
            if not any(first <= start and end <= last for first, last in ignored):
                yield (start, end), name, occurrence


def _not_run(source: str) -> Iterator[tuple[Position, Position]]:
    """Where annotations and the options of dataclasses are: no test, but mypy, finds what is wrong in them."""
    for node in ast.walk(ast.parse(source)):
        parts = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.ClassDef):
            parts += [one for one in node.decorator_list if ast.unparse(one).startswith("dataclass(")]
        for part in parts:
            if isinstance(part, ast.expr) and part.end_lineno is not None and part.end_col_offset is not None:
                yield (part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset)


def _differs(original: str, mutated: str) -> bool:
    """Whether the mutated source is Python, and not the same program in another spelling."""
    try:
        return ast.dump(ast.parse(original)) != ast.dump(ast.parse(mutated))
    except SyntaxError:
        return False


def _operators() -> dict[str, Operator]:
    classes = {name: get_operator(name) for name in sorted(operator_names())}
    # Those with arguments need names of variables.
    theirs = {name.removeprefix("core/"): class_() for name, class_ in classes.items() if not class_.arguments()}
    return theirs | {class_.__name__: class_() for class_ in (DropContext, DropStatement)}


_OPERATORS = _operators()
