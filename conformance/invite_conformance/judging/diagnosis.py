"""One cause behind many failures or errors, recognised from what a run saw.

1. A cause is said once, first; the failures and errors that it explains are listed under it.
2. Where either the server or what the target file says of one state may be wrong, a notice says so, and hides nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from invite_conformance.http.exchange import Exchange
from invite_conformance.http.log import Log
from invite_conformance.judging.findings import Findings
from invite_conformance.result import Cause, Result, Verdict
from invite_conformance.target.target import Target

_ENOUGH = 3
"""Exchanges, or errors, of one kind that are taken for a pattern."""
_REFUSED, _INVALID, _NOT_FOUND = {401, 403}, {400, 422}, {404, 410}


def causes(target: Target, log: Log, findings: Findings, results: Sequence[Result]) -> tuple[Cause, ...]:
    """The causes of what a run found, the most far-reaching first."""
    text = findings.redaction.text
    given_up = {text(str(reason)) for reason in (*log.no_response, log.given_up)}
    found = [*_same_error(text(log.given_up), given_up, results)]
    if not log.foreign():
        kinds = (*_refused_callers(target, log), *_refused_values(target, log))
        found += [Cause(said, _explained(findings, results, exchanges)) for said, exchanges in kinds]
    elif (callers := [said for said, _ in _refused_callers(target, log, enough=1)]) and not log.pages():
        # The target was given up since it refuses every caller: whose credentials these are says more.
        found = [Cause(text(callers[0]), cause.requirements) for cause in found[:1]] + found[1:]
    return tuple(sorted(found, key=lambda cause: -len(cause.requirements)))


def doubtful_states(target: Target, log: Log) -> Iterator[str]:
    """Notices about states with which the server deals as if they were something else."""
    used = {one.call.caller for one in log.exchanges if not one.call.refused_for}
    by_state: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in log.exchanges:
        by_state[exchange.call.refused_for].append(exchange)
    for state, exchanges in by_state.items():
        if state and state not in used and all(one.succeeded for one in exchanges):
            yield (
                f"The server accepts every call that it must refuse because of `states.{state}`. If the server is "
                f"right, `states.{state}` in {target.path} is not what it should be."
            )
    for caller, exchanges in _by_caller(log).items():
        valid = [one for one in exchanges if one.call.valid]
        if caller and 0 < len(valid) < _ENOUGH and all(one.status in _REFUSED for one in valid):
            yield (
                f"The server answers {valid[-1].response.status_line} to `states.{caller}`. If the server is "
                f"right, `states.{caller}` in {target.path} is not what it should be."
            )


def unsent_headers(target: Target, credentials: Mapping[str, str], log: Log) -> Iterator[str]:
    """Notices about headers of the target file that were never sent, since the states have headers of their own."""
    sent = {(name.lower(), value) for one in log.exchanges for name, value in one.call.headers.items()}
    for name, value in credentials.items():
        if log.exchanges and (name.lower(), value) not in sent:
            yield (
                f"`headers.{name}` of {target.path} was not sent: the states have headers of their own, which say who "
                "calls. Give it in the `headers` of each state that needs it."
            )


def _same_error(given_up: str, reasons: set[str], results: Sequence[Result]) -> Iterator[Cause]:
    """Errors of one reason; a target that was given up is the one reason for every call without a response."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for result in results:
        if result.verdict is Verdict.ERROR:
            reason = given_up if given_up and result.reason in reasons else result.reason
            by_reason[reason].append(result.requirement.id)
    for reason, requirements in by_reason.items():
        if len(requirements) >= _ENOUGH or reason == given_up:
            yield Cause(reason, tuple(requirements))


_Kind = tuple[str, Sequence[Exchange]]
"""What is probably wrong, and the exchanges that it explains."""


def _refused_callers(target: Target, log: Log, enough: int = _ENOUGH) -> Iterator[_Kind]:
    """Callers whose valid calls are all refused for who they are: a key is wrong, or an id that several call."""
    by_params: dict[tuple[tuple[str, str], ...], dict[str, Exchange]] = defaultdict(dict)
    for caller, exchanges in _by_caller(log).items():
        valid = [one for one in exchanges if one.call.valid and one.status in _REFUSED]
        # A server may look for what a path names before it looks at who calls.
        others = {one.status for one in exchanges if one.call.valid} - _REFUSED - _NOT_FOUND
        if len(valid) >= enough and not others:
            by_params[*sorted(valid[-1].call.params.items())][caller] = valid[-1]
    for params, callers in by_params.items():
        doubted = [one for caller, last in callers.items() for one in _credentials(target, caller, last)]
        if len(callers) > 1:
            doubted += [f"`states.{name}`" for name, value in target.states.items() if value in dict(params).values()]
        *before, final = dict.fromkeys(doubted)
        listed = f"{', '.join(before)} and {final}" if before else final
        question = f"{'is' if listed.isidentifier() else 'are'} {listed} right?"
        subject = "every valid call" + " and".join(f" as `{caller}`" for caller in callers if caller)
        # That explains too why they are not refused for the right reason.
        refused = [one for one in log.exchanges if one.call.caller in callers and one.status in _REFUSED]
        yield f"{subject} was answered {[*callers.values()][-1].response.status_line}: {question}", refused


def _refused_values(target: Target, log: Log) -> Iterator[_Kind]:
    """Every valid call is refused for what it says: the server does not take the domain's addresses, or the ids."""
    valid = [one for one in log.exchanges if one.call.valid and not one.call.refused_for]
    addressed = [one for one in valid if target.email_domain.encode() in (one.call.body or b"")]
    for exchanges, statuses, subject, question in (
        (
            addressed,
            _INVALID,
            f"every valid call with an address @{target.email_domain}",
            f"does the server accept such addresses? If not, give another `email_domain` in {target.path}",
        ),
        (valid, _NOT_FOUND, "every valid call", f"are base_url and the ids under `states` in {target.path} right?"),
    ):
        if len(exchanges) >= _ENOUGH and {one.status for one in exchanges} <= statuses:
            yield f"{subject} was answered {exchanges[-1].response.status_line}: {question}", exchanges


def _by_caller(log: Log) -> dict[str, list[Exchange]]:
    """The calls of operations that need not be refused; those without credentials of a state under an empty name."""
    found: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in log.exchanges:
        if not exchange.call.elsewhere and not exchange.call.refused_for:
            found[exchange.call.caller].append(exchange)
    return found


def _credentials(target: Target, caller: str, exchange: Exchange) -> list[str]:
    """What says who calls: the variables of the environment in the call's headers, or else where the headers are."""
    # A value that stands in the file itself is named after its place, which is no variable.
    places = {re.sub(r"\W", "_", f"{caller}_{name}").strip("_").upper() for name in exchange.call.headers}
    named = [
        name
        for name, value in target.secrets.items()
        if name not in places and any(value in header for header in exchange.call.headers.values())
    ]
    return sorted(named) or [f"the headers of `states.{caller}`" if caller else f"`headers` in {target.path}"]


def _explained(findings: Findings, results: Sequence[Result], exchanges: Sequence[Exchange]) -> tuple[str, ...]:
    """The requirements that are not satisfied and all of whose violations were found in the exchanges."""
    explained = {id(one) for one in exchanges}
    return tuple(
        one.requirement.id
        for one in results
        if one.verdict in {Verdict.FAIL, Verdict.WARN}
        and all(id(found.exchange) in explained for found in findings.violations_of(one.requirement.id))
    )
