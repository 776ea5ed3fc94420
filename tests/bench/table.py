"""What the bench prints: the figures, the ratios, and what is wanted beside what was reached."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from .measured import Measured

_BUSY = 0.85
"""The part of a processor below which a server was not what set the pace."""


@dataclass(frozen=True, slots=True)
class Column:
    head: str
    values: Callable[[Measured], Sequence[float]]
    form: str


_COLUMNS = (
    Column("requests/s", lambda one: one.rates, ",.0f"),
    Column("p50 ms", lambda one: one.p50, ".2f"),
    Column("p99 ms", lambda one: one.p99, ".2f"),
    Column("CPU µs/request", lambda one: one.cpu, ".0f"),
    Column("CPU used", lambda one: one.busy, ".0%"),
    Column("first answer s", lambda one: one.first_answers, ".3f"),
    Column("RSS MB idle", lambda one: one.rss_idle, ".1f"),
    Column("RSS MB loaded", lambda one: one.rss, ".1f"),
    Column("invites", lambda one: one.created, ",.0f"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One figure that the mock is wanted to reach; there is nothing to reach without a limit."""

    what: str
    figure: str
    limit: str = ""
    reached: bool = True

    def __str__(self) -> str:
        verdict = f"wanted {self.limit}: {'reached' if self.reached else 'MISSED'}" if self.limit else ""
        return f"  {self.what:<34}{self.figure:>9}   {verdict}".rstrip()


def figures(measured: Mapping[str, Measured]) -> str:
    """The medians, a line a server."""
    rows = [["", *(column.head for column in _COLUMNS)]]
    for name, one in measured.items():
        cells = [(column, column.values(one)) for column in _COLUMNS]
        rows.append([name, *(format(median(values), column.form) if values else "-" for column, values in cells)])
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def wanted(measured: Mapping[str, Measured]) -> list[Wanted]:
    """The ratios, each the median of those within a round, and the figures that the issue asks for."""
    mock, stock, bare = (measured[name] for name in ("mock", "stock", "bare"))
    to_stock = _ratio(mock.rates, stock.rates)
    to_bare = _ratio(mock.rates, bare.rates)
    start = _ratio(mock.first_answers, stock.first_answers)
    rss = median(mock.rss)
    found = [
        Wanted("requests/s, mock / stock", f"{to_stock:.2f}x", "at least 3x", to_stock >= 3),
        Wanted("requests/s, mock / bare", f"{to_bare:.0%}", "at least 20%", to_bare >= 0.2),
        Wanted("first answer, mock / stock", f"{start:.2f}x", "at most 1.2x", start <= 1.2),
        Wanted("RSS of the mock, loaded", f"{rss:.1f} MB", "under 110 MB", rss < 110),
    ]
    if mock.cpu:
        # It depends less on the machine's other load than requests/s, so it is printed though it has no target.
        found.append(Wanted("CPU/request, stock / mock", f"{_ratio(stock.cpu, mock.cpu):.2f}x"))
        found.append(Wanted("CPU/request, bare / mock", f"{_ratio(bare.cpu, mock.cpu):.0%}"))
    return found


def unhurried(measured: Mapping[str, Measured]) -> list[str]:
    """A warning for each server that could have done more than it was asked to."""
    return [
        f"{name} used only {busy:.0%} of a processor: the load generator, or the machine, set the pace, not {name}."
        for name, one in measured.items()
        if one.busy and (busy := median(one.busy)) < _BUSY
    ]


def _ratio(above: Sequence[float], below: Sequence[float]) -> float:
    return median(one / other for one, other in zip(above, below, strict=True))
