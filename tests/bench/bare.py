"""What ASGI costs by itself: reads the body, parses it and answers a constant 201. Arguments: PORT."""

import sys
from typing import Any

import orjson

from .invite import ANSWER_BYTES
from .listener import serve

_START = {
    "type": "http.response.start",
    "status": 201,
    "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(ANSWER_BYTES))],
}


async def app(_scope: Any, receive: Any, send: Any) -> None:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    orjson.loads(body)
    await send(_START)
    await send({"type": "http.response.body", "body": ANSWER_BYTES})


if __name__ == "__main__":
    serve(app, int(sys.argv[1]))
