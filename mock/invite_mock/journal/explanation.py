"""Why a request was answered as it was: what decided, what it saw, what the contract says, and what would change it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import isodate
from invite_specs import Json, Operation

from invite_mock.http.messages import Trace
from invite_mock.http.problems import GENERAL, violation_entry
from invite_mock.http.routes import segments_that_differ
from invite_mock.journal.api import Api
from invite_mock.state import clock
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.life_cycle import MOVES, Action, Status
from invite_mock.state.members import snake
from invite_mock.state.store import Invite
from invite_mock.state.world import World

_DECIDED = {"forced": "the request's preference", "fault": "a fault of the world", "unmatched": "the paths of the mock"}


class Explanation:
    """Explains answers of the mock; `apis` are what it serves."""

    def __init__(self, apis: Sequence[Api]) -> None:
        self._apis = {operation: one for one in apis for operation in one.operations}
        self._operations = tuple(self._apis)

    def api(self, operation: Operation | None) -> Api | None:
        """The API that an operation belongs to."""
        return None if operation is None else self._apis.get(operation)

    def decision(self, trace: Trace, outcome: str, request: tuple[str, str], world: World, now: int) -> dict[str, Json]:
        """The Decision of the control API's document; `request` is method and path, `now` the instant of the answer."""
        api, refusal, invite = self.api(trace.operation), trace.refusal, trace.refusal.invite if trace.refusal else None
        code = refusal.code if refusal else None
        problem = (api.problem(code) if api else GENERAL.get(code)) if code else None
        sentence = api.sentence(trace.operation, trace.status, code or "") if api and trace.operation else None
        found: dict[str, Json] = {"by": self._decided_by(trace, outcome)}
        optional: dict[str, Json] = {
            "code": code,
            "reason": trace.reason or self._success(trace, now),
            "saw": self._saw(invite, world, now) if invite else None,
            "contract": {"text": sentence.text, "pointer": sentence.pointer, "source": sentence.source}
            if sentence
            else None,
            "violations": [violation_entry(one) for one in trace.violations]
            if refusal or trace.status >= 400
            else None,
            "nearest": self._nearest(*request) if trace.operation is None else None,
            "remedy": problem.remedy if problem else None,
            "changes": [_call(world.name, *one) for one in _changes(invite, now)] if invite else None,
        }
        return found | {name: value for name, value in optional.items() if value}

    def _decided_by(self, trace: Trace, outcome: str) -> str:
        api = self.api(trace.operation)
        code = trace.refusal.code if trace.refusal else ""
        if code == "Preference.Unknown":
            return _DECIDED["forced"]
        if outcome in _DECIDED or api is None or trace.operation is None or (code in GENERAL and not trace.violations):
            return _DECIDED.get(outcome, "the mock")
        if trace.violations and (trace.refusal or trace.status >= 400):
            return "validation against the document"
        if api.contents is None:
            return "the document's examples and schemas"
        return f"the rule {snake(trace.operation.id)} of {api.name}"

    def _nearest(self, method: str, path: str) -> dict[str, Json] | None:
        """The operation that is most like a request, and how the request differs."""
        ranked = [
            (len(differing) + (one.method != method), number, one, differing)
            for number, one in enumerate(self._operations)
            if (differing := segments_that_differ(path, one.path)) is not None
        ]
        if not ranked:
            return None
        *_, operation, differing = min(ranked)
        differences: list[Json] = [_difference(*one) for one in differing]
        if operation.method != method:
            differences.append(f"the method is {method}, not {operation.method}")
        return {"operation": operation.id, "is": f"{operation.method} {operation.path}", "differences": differences}

    def _saw(self, invite: Invite, world: World, now: int) -> str:
        """An invite, as the decision saw it."""
        contents = next((one.contents for one in self._apis.values() if one.name == invite.contract), None)
        invites = contents.invites if contents else None
        sender = invites.sender(ContractWorld(world, invite.contract), invite) if invites else None
        by = f" by {sender}" if sender else ""
        return f"{_named(invite)}, sent {_ago(now - invite.created_at)}{by}, is {_status(invite, now)}"

    def _success(self, trace: Trace, now: int) -> str | None:
        """Why a rule answered with a success: the layers have no reason for it."""
        api = self.api(trace.operation)
        if api is None or not api.contents or trace.status >= 400:
            return None
        if trace.invites:
            return "; ".join(f"The {_named(one)} was stored, {_status(one, now)}" for one in trace.invites) + "."
        return "The rule found nothing to refuse."


def _difference(given: str | None, documented: str | None) -> str:
    """How a segment of a path differs from the documented one."""
    if not given and documented:
        return f"{documented!r} is missing"
    return f"{given!r} stands where the path {f'has {documented!r}' if documented else 'ends'}"


def _named(invite: Invite) -> str:
    return f"invite {invite.id}{f' for {invite.email}' if invite.email else ''}"


def _status(invite: Invite, now: int) -> str:
    status = invite.status_at(now)
    return f"outstanding until {clock.to_text(invite.expires_at)}" if status is Status.OUTSTANDING else status.value


def _ago(microseconds: int) -> str:
    """A length of time in its largest unit."""
    seconds = max(microseconds, 0) // 1_000_000
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            number = seconds // size
            return f"{number} {unit}{'s' if number > 1 else ''} ago"
    return "less than a second ago"


def _changes(invite: Invite, now: int) -> Iterator[tuple[str, Mapping[str, Json] | None, str]]:
    """The calls of the control API after which the invite is no longer outstanding: path, body and effect."""
    status = invite.status_at(now)
    for action in Action:
        after = MOVES.get((status, action))
        if after is not None:
            yield f"/invites/{invite.id}/{action.value}", None, f"the invite is then {after.value}"
    if status is Status.OUTSTANDING:
        # Up to the next second: a duration of whole seconds is easier to read, and to write.
        left = timedelta(seconds=-((now - invite.expires_at) // 1_000_000))
        yield "/clock/advance", {"by": isodate.duration_isoformat(left)}, "the invite is then expired"


def _call(world: str, path: str, body: Mapping[str, Json] | None, effect: str) -> dict[str, Json]:
    call: dict[str, Json] = {"method": "POST", "path": f"/_mock/worlds/{world}{path}", "effect": effect}
    return call | ({"body": {**body}} if body else {})
