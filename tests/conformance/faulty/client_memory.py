"""Faults of client-invites that only a race or a history of calls shows, and what a server forgets."""

import time
from contextlib import nullcontext
from typing import Any

from conformance.faulty.client_conflicts import email_of, forget, nth_try, remembering, slot_of
from conformance.faulty.fault import client_fault
from conformance.listener import Answer, Request
from conformance.reference_clients import ClientInvites


def _forgetting(step: str) -> Any:
    """A step of the reference implementation that, when it refuses, forgets the invite of the same email."""

    def refuse(self: ClientInvites, request: Request) -> Answer | None:
        refusal: Answer | None = getattr(ClientInvites, step)(self, request)
        if refusal is not None:
            forget(self, email_of(self, request))
        return refusal

    return refuse


def _crash_of_the_loser(self: ClientInvites, answer: Answer, request: Request) -> Answer:
    time.sleep(0.005)
    if answer.status == 201 and self.invites[slot_of(self, request)] is not answer.document:
        return self.error(500, "UniqueViolation", "")
    return answer


def _last_of_all(self: ClientInvites, answer: Answer, request: Request) -> Answer:
    """The last 201 of all that are under way."""
    del request
    if answer.status != 201:
        return answer
    vars(self)["last"] = answer
    time.sleep(0.005)
    last: Answer = vars(self)["last"]
    return last


FAULTS = (
    # Races
    client_fault(
        "reads-then-writes",
        "Creates at the same instant all succeed: it reads, waits and writes.",
        "409.race",
        "race",
        new_lock=lambda _self: nullcontext(),
        pause=lambda _self: time.sleep(0.005),
    ),
    client_fault(
        "race-500",
        "Of creates at the same instant all but one are answered with 500.",
        "409.race createClientInvite.server-error",
        "race",
        new_lock=lambda _self: nullcontext(),
        pause=lambda _self: time.sleep(0.005),
        after=_crash_of_the_loser,
    ),
    client_fault(
        "mixes-responses",
        "Creates at the same instant are all answered with the last invite.",
        "201.email-as-given id.unique token.unique",
        "race",
        after=_last_of_all,
    ),
    # What only a history shows
    client_fault(
        "remembers-three",
        "Only the last three invites are remembered.",
        "409.already-invited 409.later",
        "histories",
        pause=remembering(3),
    ),
    client_fault(
        "forgets-on-400",
        "A create refused with 400 removes the invite of the same email.",
        "409.already-invited",
        "histories",
        malformed=_forgetting("malformed"),
    ),
    client_fault(
        "forgets-on-403",
        "A create refused with 403 removes the invite of the same email.",
        "409.already-invited",
        "histories",
        forbidden=_forgetting("forbidden"),
    ),
    client_fault(
        "fifth-try-succeeds",
        "The fifth create for one email succeeds.",
        "409.third-try",
        "histories",
        conflict=nth_try(5, lambda _self: None),
    ),
)
