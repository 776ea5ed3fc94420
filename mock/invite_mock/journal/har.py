"""The journal as HAR 1.2, the archive format of HTTP exchanges that browsers and proxies read and write.

Format: http://www.softwareishard.com/blog/har-12-spec/. What the journal does not know is -1, as the format says.
"""

from collections.abc import Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl

from invite_specs import Json

from invite_mock.http.problems import reference
from invite_mock.state import clock
from invite_mock.state.journal import Event
from invite_mock.state.world import MAIN


def archive(world: str, events: Sequence[Event]) -> dict[str, Json]:
    """The requests of a world, in the order of the events."""
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "invite-mock", "version": version("invite-contracts")},
            "entries": [_entry(world, one) for one in events],
        }
    }


def _entry(world: str, event: Event) -> dict[str, Json]:
    data: Any = event.data
    duration = data["duration"]
    sent, received = data["request"], data["response"]
    path, mark, query = data["path"].partition("?")
    host = _field(sent["headers"], "host") or "localhost"
    prefix = "" if world == MAIN else f"/@{world}"
    request: dict[str, Json] = {
        "method": data["method"],
        "url": f"http://{host}{prefix}{reference(path)}{mark}{query}",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": sent["headers"],
        "queryString": [{"name": name, "value": value} for name, value in parse_qsl(query, keep_blank_values=True)],
        "headersSize": -1,
        "bodySize": sent["size"],
    }
    if sent["body"] is not None:
        request["postData"] = {"mimeType": _field(sent["headers"], "content-type"), "text": sent["body"]}
    status = event.status or 0
    content: dict[str, Json] = {"size": received["size"], "mimeType": _field(received["headers"], "content-type")}
    if received["body"] is not None:
        content["text"] = received["body"]
    if "encoding" in received:
        content["encoding"] = received["encoding"]
    return {
        "startedDateTime": clock.to_text(event.machine_at - round(duration * 1000)),
        "time": duration,
        "request": request,
        "response": {
            "status": status,
            "statusText": HTTPStatus(status).phrase if status in set(HTTPStatus) else "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": received["headers"],
            "content": content,
            "redirectURL": _field(received["headers"], "location"),
            "headersSize": -1,
            "bodySize": received["size"],
        },
        "cache": {},
        "timings": {"send": 0, "wait": duration, "receive": 0},
        "_outcome": event.outcome,
        "_requestId": event.request_id,
    }


def _field(fields: Sequence[Any], name: str) -> str:
    return next((str(one["value"]) for one in fields if one["name"].lower() == name), "")
