"""An entry of the journal: a request and its answer, masked, explained and cut to a size that can be kept."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson
from invite_specs import Json

from invite_mock.http.messages import Envelope
from invite_mock.journal.api import Api
from invite_mock.journal.explanation import Explanation
from invite_mock.journal.masking import Masking, mask, mask_all, mask_members, mask_query
from invite_mock.state import clock
from invite_mock.state.journal import REQUEST, Event
from invite_mock.state.store import Scope as Part
from invite_mock.state.store import Store

MOST_OF_BODY = 64 * 1024
"""The most bytes that are kept of a body."""


class Exchange(NamedTuple):
    """A request that was answered, as the perimeter knows it."""

    method: str
    path: str
    """Without the world's prefix (see `Request.path`)."""
    query: str
    headers: Sequence[tuple[bytes, bytes]]
    envelope: Envelope
    duration: int
    """In nanoseconds."""
    machine_at: int
    """When it was answered, in microseconds since 1970-01-01T00:00:00Z."""


class Entries:
    """Makes the events of exchanges; it is used in a transaction of the store that has the callers."""

    def __init__(self, apis: Sequence[Api], store: Store) -> None:
        self._explanation = Explanation(apis)
        self._store = store
        self._masking = Masking({field for one in apis for field in one.secret_fields})

    def events(self, exchange: Exchange, now: int) -> Iterator[Event]:
        """The request's event, then those of the invites that it changed; `now` is the instant of the world's clock."""
        envelope, trace = exchange.envelope, exchange.envelope.trace
        api = self._explanation.api(trace.operation)
        yield self._request(exchange, api, now)
        for invite in trace.invites:
            data: dict[str, Json] = {
                "id": invite.id,
                "contract": invite.contract,
                "email": invite.email,
                "status": invite.status_at(now).value,
                "requestId": envelope.request_id,
            }
            yield Event("invite", now, exchange.machine_at, data)

    def _request(self, exchange: Exchange, api: Api | None, now: int) -> Event:
        envelope, trace, query = exchange.envelope, exchange.envelope.trace, exchange.query
        sent, received = _fields(exchange.headers), _fields(trace.headers)
        asked, answered = _json(trace.body), _json(trace.content)
        secrets = self._masking.secrets([*sent, *received], query, [asked, answered])
        path = mask(exchange.path + (f"?{mask_query(query)}" if query else ""), secrets)
        decision = self._explanation.decision(
            trace, envelope.outcome, (exchange.method, exchange.path), envelope.world, now
        )
        data: dict[str, Json] = {
            "duration": round(exchange.duration / 1_000_000, 3),
            "contract": api.name if api else None,
            "method": exchange.method,
            "path": path,
            "caller": self._caller(envelope, api, dict(sent)) if api else None,
            "request": {
                "headers": _shown(self._masking.header_fields(sent)),
                **_body(trace.body, asked, secrets),
            },
            "response": {
                "headers": _shown(self._masking.header_fields(received)),
                **_body(trace.content, answered, secrets),
            },
            "decision": mask_all(decision, secrets),
        }
        return Event(
            REQUEST,
            now,
            exchange.machine_at,
            data,
            envelope.request_id,
            trace.operation.id if trace.operation else None,
            trace.status or None,
            envelope.outcome,
            _email(asked),
        )

    def _caller(self, envelope: Envelope, api: Api, sent: Mapping[str, str]) -> Json:
        """Whose key the request has, so that a replay can put it in; None where it has none that anybody has."""
        for header, kind, field in api.keys:
            value = sent.get(header)
            if value is not None:
                found = self._store.find(Part(envelope.world, api.name), kind, field, value)
                if found is not None:
                    return {
                        "header": header,
                        "kind": kind.name,
                        "key": kind.key(found),
                        "name": str(getattr(found, kind.title)),
                    }
        return None


def view(event: Event) -> dict[str, Json]:
    """The event as the control API's document describes it: an Entry, or a change."""
    found: dict[str, Json] = {
        "number": event.number,
        "at": clock.to_text(event.at),
        "machineAt": clock.to_text(event.machine_at),
    }
    if event.kind != REQUEST:
        return {**found, "kind": event.kind, **event.data}
    return {
        "id": event.request_id,
        **found,
        "operation": event.operation,
        "status": event.status,
        "outcome": event.outcome,
        **event.data,
    }


def _fields(fields: Sequence[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields]


def _shown(fields: Sequence[tuple[str, str]]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in fields]


def _json(content: bytes | None) -> Json:
    try:
        value: Json = orjson.loads(content or b"null")
    except orjson.JSONDecodeError:
        return None
    return value


def _email(body: Json) -> str | None:
    """The email that a request is about: the text of a member that is called so."""
    email = body.get("email") if isinstance(body, dict) else None
    return email.lower()[:320] if isinstance(email, str) else None


def _body(content: bytes | None, value: Json, secrets: Sequence[str]) -> dict[str, Json]:
    """The members of a Message that say what its body is."""
    if not content:
        return {"body": None, "size": 0}
    masked = mask_members(value)
    whole = content if masked == value else orjson.dumps(masked)
    kept = whole[:MOST_OF_BODY]
    found: dict[str, Json] = {"size": len(content), "masked": masked != value, "cut": len(whole) > MOST_OF_BODY}
    try:
        found["body"] = mask(kept.decode("utf-8", "strict" if kept is whole else "ignore"), secrets)
    except UnicodeDecodeError:
        found |= {"body": base64.b64encode(kept).decode(), "encoding": "base64"}
    return {name: one for name, one in found.items() if one is not False}
