"""What the operators make of a source, each place of it once."""

from collections.abc import Iterable
from pathlib import Path

import pytest

MODULE = "module.py"
SOURCE = '''\
"""Waits."""
LIMIT: int | None = None

def later(now: int, lock: Lock) -> int | None:
    """Says when."""
    begin = now
    lock.count = 1
    lock.count += begin
    with lock:
        lock.wait()
    with lock as held:
        del held
    if not now:
        raise ValueError
    return begin
'''


def changed(folder: Path, source: str, operator: str = "") -> Iterable[str]:
    """The lines that an operator, or any one, changes, and what becomes of them."""
    pytest.importorskip("cosmic_ray")
    from mutants.mutation import sample  # noqa: PLC0415  # see above

    (folder / MODULE).write_text(source, "utf-8")
    for mutant in sample(folder, [MODULE], seed=1):
        if operator in {mutant.operator, ""}:
            removed, added = mutant.changes
            yield f"{mutant.line}: {removed[0].strip()} -> {added[0].strip()}"


def test_a_statement_is_dropped_where_nothing_else_would_show_it(tmp_path: Path) -> None:
    assert sorted(changed(tmp_path, SOURCE, "DropStatement")) == [
        "10: lock.wait() -> pass",
        "12: del held -> pass",
        "14: raise ValueError -> pass",
        "15: return begin -> pass",
        "7: lock.count = 1 -> pass",
        "8: lock.count += begin -> pass",
    ]


def test_a_context_is_dropped_unless_its_value_is_used(tmp_path: Path) -> None:
    assert list(changed(tmp_path, SOURCE, "DropContext")) == ["9: with lock: -> if True:"]


def test_annotations_are_left_alone(tmp_path: Path) -> None:
    source = "x: int | None = 1 | 2\ndef f(a: int | None = 1 | 2) -> int | None: ...\n"
    found = list(changed(tmp_path, source))
    assert {one[0] for one in found} == {"1", "2"}
    assert all(one.count("int | None") in {2, 4} for one in found)


def test_the_options_of_a_dataclass_are_left_alone(tmp_path: Path) -> None:
    source = "@dataclass(frozen=True, slots=True)\nclass A:\n    found: bool = True\n"
    assert list(changed(tmp_path, source, "ReplaceTrueWithFalse")) == ["3: found: bool = True -> found: bool = False"]


def test_what_an_operator_cannot_change_is_left_out(tmp_path: Path) -> None:
    source = "try: f()\nexcept (json.JSONDecodeError, OSError): g()\n"
    found = list(changed(tmp_path, source, "ExceptionReplacer"))
    assert found == [f"2: {source.splitlines()[1]} -> except (json.JSONDecodeError, CosmicRayTestingException): g()"]


def test_a_change_elsewhere_leaves_the_order_of_the_others(tmp_path: Path) -> None:
    before = [one.partition(": ")[2] for one in changed(tmp_path, SOURCE)]
    after = [one.partition(": ")[2] for one in changed(tmp_path, SOURCE.replace("lock.count = 1", "lock.size = 2 * 3"))]
    assert [one for one in after if "lock.size" not in one] == [one for one in before if "lock.count = 1" not in one]
    assert len(after) > len(before)


def test_a_seed_gives_the_same_sample_and_another_one_another(tmp_path: Path) -> None:
    pytest.importorskip("cosmic_ray")
    from mutants.mutation import sample  # noqa: PLC0415  # see above

    (tmp_path / MODULE).write_text(SOURCE, "utf-8")
    first, again, other = ([one.key for one in sample(tmp_path, [MODULE], seed)] for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert len(first) == len(set(first))
