"""The mutants of a tree: what the operators make of its modules, and a seeded sample of them."""

import ast
import hashlib
import random
from collections import Counter, defaultdict
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

    Operators make many mutants of one place and few of another; every place counts the same here. A place keeps its
    rank and its mutant as long as its line does not change, so that the samples of two states of the tree overlap.
    """
    places: dict[tuple[str, Position, Position], list[tuple[str, int]]] = defaultdict(list)
    texts = {module: (root / module).read_text("utf-8") for module in modules}
    for module, text in texts.items():
        for place, operator, occurrence in _places(text):
            places[module, *place].append((operator, occurrence))
    ranks = {place: rank for module, text in texts.items() for place, rank in _ranks(module, text, places, seed)}
    for module, start, end in sorted(places, key=ranks.__getitem__):
        generator = random.Random(ranks[module, start, end])  # noqa: S311  # a sample, not a secret
        operator, occurrence = generator.choice(places[module, start, end])
        original = texts[module]
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


def _ranks(
    module: str, source: str, places: Iterable[tuple[str, Position, Position]], seed: int
) -> Iterator[tuple[tuple[str, Position, Position], str]]:
    """A number for each place of a module, from the text of its lines; equal lines are counted."""
    lines = source.splitlines()
    seen: Counter[str] = Counter()
    for place in sorted(one for one in places if one[0] == module):
        _, (first, begin), (last, end) = place
        indent = len(lines[first - 1]) - len(lines[first - 1].lstrip())
        named = f"{seed}\n{module}\n{lines[first - 1].strip()}\n{begin - indent}\n{last - first}\n{end}"
        seen[named] += 1
        yield place, hashlib.sha256(f"{named}\n{seen[named]}".encode()).hexdigest()


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
