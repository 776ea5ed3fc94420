"""Requirements *.code: each refusal names the code that the document gives for it."""

from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.stack_traces import texts


def judge_code(context: CheckContext, requirement: str, exchange: Exchange, code: str) -> None:
    """Judge that a problem names a code somewhere, as the document does in the description of its status."""
    body = exchange.response.body.decode(errors="replace")
    said = list(texts(exchange.json.value)) if exchange.json.well_formed else [body]
    title = exchange.object.get("title")
    received = f"a problem with the title {title!r}" if title else "a problem without a title"
    context.judge(requirement, any(code in text for text in said), f"`{code}` in the problem", exchange, received)
