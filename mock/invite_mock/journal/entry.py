"""An entry of the journal: a request and its answer, masked, explained and cut to a size that can be kept."""

import base64
import codecs
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson
from invite_specs import Json

from invite_mock.http.messages import Envelope
from invite_mock.journal.api import Api
from invite_mock.journal.explanation import Explanation
from invite_mock.journal.masking import Masking, mask, mask_all, mask_members, mask_query, mask_text, parsed
from invite_mock.state import clock
from invite_mock.state.journal import REQUEST, Event
from invite_mock.state.store import Scope as Part
from invite_mock.state.world import World

MOST_OF_BODY = 64 * 1024
"""The most bytes that are kept of a body."""


_UTF_8 = codecs.getincrementaldecoder("utf-8")


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

    def __init__(self, apis: Sequence[Api]) -> None:
        self._explanation = Explanation(apis)
        self._masking = Masking({field for one in apis for field in one.secret_fields})

    def events(self, exchange: Exchange, world: World) -> Iterator[Event]:
        """The request's event, then those of the invites that it changed."""
        envelope, trace = exchange.envelope, exchange.envelope.trace
        now = world.at(exchange.machine_at)
        yield self._request(exchange, self._explanation.api(trace.operation), world, now)
        for invite in trace.invites:
            data: dict[str, Json] = {
                "id": invite.id,
                "contract": invite.contract,
                "email": invite.email,
                "status": invite.status_at(now).value,
                "requestId": envelope.request_id,
            }
            yield Event("invite", now, exchange.machine_at, data)

    def _request(self, exchange: Exchange, api: Api | None, world: World, now: int) -> Event:
        envelope, trace, query = exchange.envelope, exchange.envelope.trace, exchange.query
        sent, received = _fields(exchange.headers), _fields(trace.headers)
        asked, answered = parsed(trace.body), parsed(trace.content)
        secrets = self._masking.secrets([*sent, *received], query, [trace.body, trace.content])
        path = mask(exchange.path.replace("?", "%3F") + (f"?{mask_query(query)}" if query else ""), secrets)
        decision = self._explanation.decision(trace, envelope.outcome, (exchange.method, exchange.path), world, now)
        email = _email(asked) or next((one.email for one in trace.invites if one.email), None)
        data: dict[str, Json] = {
            "duration": round(exchange.duration / 1_000_000, 3),
            "contract": api.name if api else None,
            "method": exchange.method,
            "path": path,
            "caller": _caller(world, api, dict(sent)) if api else None,
            "request": {
                "headers": _shown(self._masking.header_fields(sent, secrets)),
                **(_body(trace.body, asked, secrets) if trace.body is not None else _unread(dict(sent))),
            },
            "response": {
                "headers": _shown(self._masking.header_fields(received, secrets)),
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
            mask(email, secrets).lower()[:320] if email else None,
        )


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


def _caller(world: World, api: Api, sent: Mapping[str, str]) -> Json:
    """Whose key the request has, so that a replay can put it in; None where it has none that anybody has."""
    for header, kind, field in api.keys:
        value = sent.get(header)
        if value is not None:
            found = world.store.find(Part(world.name, api.name), kind, field, value)
            if found is not None:
                return {
                    "header": header,
                    "kind": kind.name,
                    "key": kind.key(found),
                    "name": str(getattr(found, kind.title)),
                }
    return None


def _fields(fields: Sequence[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields]


def _shown(fields: Sequence[tuple[str, str]]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in fields]


def _email(body: Json) -> str | None:
    """The email that a request is about: the text of a member that is called so."""
    email = body.get("email") if isinstance(body, dict) else None
    return email if isinstance(email, str) else None


def _unread(sent: Mapping[str, str]) -> dict[str, Json]:
    """The members of a Message whose body was not read."""
    length = sent.get("content-length", "")
    return {"body": None, "size": int(length) if length.isdecimal() and len(length) < 16 else 0}


def _body(content: bytes, value: Json, secrets: Sequence[str]) -> dict[str, Json]:
    """The members of a Message that say what its body is."""
    if not content:
        return {"body": None, "size": 0}
    whole, found = content, dict[str, Json](size=len(content))
    if value is not None:
        masked = mask_all(mask_members(value), secrets)
        if masked != value:
            whole, found["masked"] = orjson.dumps(masked), True
    if len(whole) > MOST_OF_BODY:
        found["cut"] = True
    kept = whole[:MOST_OF_BODY]
    try:
        # What is cut may end inside a character, which is left out.
        text = _UTF_8().decode(kept, final="cut" not in found)
    except UnicodeDecodeError:
        return found | {"body": base64.b64encode(kept).decode(), "encoding": "base64"}
    found["body"] = text
    if value is None and (other := mask_text(text, secrets)) != text:
        found |= {"body": other, "masked": True}
    return found
