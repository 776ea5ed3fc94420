"""One cause behind many failures or errors, recognised from what a run saw.

A cause is said once, first; the failures that it explains stay in the report, under it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from invite_conformance.http.exchange import Exchange
from invite_conformance.http.log import Log
from invite_conformance.judging.findings import Findings
from invite_conformance.result import Cause, Result, Verdict
from invite_conformance.target.target import Target

_ENOUGH = 3
"""Exchanges, or errors, of one kind that are taken for a pattern."""


def causes(target: Target, log: Log, findings: Findings, results: Sequence[Result]) -> tuple[Cause, ...]:
    """The causes of what a run found, the most far-reaching first."""
    found = [*_same_error(results), *_refused_callers(target, log, findings), *_refused_domain(target, log, findings)]
    return tuple(sorted(found, key=lambda cause: -len(cause.requirements)))


def _same_error(results: Sequence[Result]) -> Iterator[Cause]:
    """Errors of one reason, such as a target that cannot be reached."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for result in results:
        if result.verdict is Verdict.ERROR:
            by_reason[result.reason].append(result.requirement.id)
    for reason, requirements in by_reason.items():
        if len(requirements) >= _ENOUGH:
            yield Cause(reason, tuple(requirements))


def _refused_callers(target: Target, log: Log, findings: Findings) -> Iterator[Cause]:
    """A caller of the target file of whom every call is refused for who it is: its key is wrong."""
    by_caller: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in log.exchanges:
        if exchange.call.caller and not exchange.call.refused_for:
            by_caller[exchange.call.caller].append(exchange)
    for caller, exchanges in by_caller.items():
        statuses = {exchange.status for exchange in exchanges}
        if len(exchanges) >= _ENOUGH and statuses <= {401, 403}:
            secrets = sorted(_secrets(target, exchanges[0]))
            question = (
                f"is {' or '.join(secrets)} right?" if secrets else f"are the headers of `states.{caller}` right?"
            )
            text = f"every call as `{caller}` was answered {exchanges[-1].response.status_line}: {question}"
            yield Cause(text, _explained(findings, lambda one, by=caller: one.call.caller == by))  # type: ignore[misc]  # mypy cannot type its default


def _refused_domain(target: Target, log: Log, findings: Findings) -> Iterator[Cause]:
    """Every valid call with a fresh address is refused as invalid: the server does not take the domain's addresses."""
    valid = [one for one in log.exchanges if one.call.valid and target.email_domain.encode() in (one.call.body or b"")]
    valid = [one for one in valid if not one.call.refused_for]
    if len(valid) >= _ENOUGH and {one.status for one in valid} <= {400, 422}:
        text = (
            f"every valid call with an address @{target.email_domain} was answered {valid[-1].response.status_line}: "
            f"give an `email_domain` in {target.path} whose addresses the server accepts"
        )
        yield Cause(text, _explained(findings, lambda one: one in valid))


def _secrets(target: Target, exchange: Exchange) -> Iterator[str]:
    """The names of the secrets in the headers of a call."""
    for name, value in target.secrets.items():
        if any(value in header for header in exchange.call.headers.values()):
            yield name


def _explained(findings: Findings, explains: Callable[[Exchange], bool]) -> tuple[str, ...]:
    """The requirements all of whose violations were found in exchanges that the cause explains."""
    return tuple(
        requirement
        for requirement in sorted(findings.violated())
        if all(one.exchange and explains(one.exchange) for one in findings.violations_of(requirement))
    )
