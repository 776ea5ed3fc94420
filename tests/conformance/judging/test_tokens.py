"""Which tokens can be guessed."""

import base64
import hashlib
import uuid

import pytest
from invite_conformance.judging.tokens import ENOUGH_BITS, differing_bits, origin

KNOWN = {"email": "ann@a.example", "id": "3f0c8a52-7d1b-4e5a-9c26-0d4b7e918f33"}
SECRET = base64.urlsafe_b64encode(hashlib.sha256(b"secret").digest()).decode()


@pytest.mark.parametrize(
    ("tokens", "enough"),
    [
        (["0BkzW7yq3VxJmT9cHfRd2L00000001", "0BkzW7yq3VxJmT9cHfRd2L00000002"], False),
        (["493817", "018264", "771035"], False),
        ([str(uuid.uuid5(uuid.NAMESPACE_DNS, one)) for one in "abc"], True),
        ([SECRET, SECRET[::-1]], True),
    ],
    ids=["counted", "six digits", "UUIDs", "base64"],
)
def test_tokens_differ_in_the_places_that_are_not_the_same_in_all(tokens: list[str], enough: bool) -> None:
    assert (differing_bits(tokens) >= ENOUGH_BITS) is enough


@pytest.mark.parametrize(
    ("token", "made_of"),
    [
        (KNOWN["id"], "the id"),
        (KNOWN["id"].replace("-", ""), "the id"),
        (base64.b64encode(b"ann@a.example:1").decode(), "the email"),
        (b"ann@a.example".hex(), "the email"),
        (hashlib.md5(b"ann@a.example", usedforsecurity=False).hexdigest(), "an unkeyed hash of the email"),
        (hashlib.sha256(b"41").hexdigest(), "an unkeyed hash of a small number"),
        (SECRET, None),
        # A signature is what remains of a signed token.
        (f"{base64.b64encode(b'ann@a.example').decode()}.{SECRET}", None),
        ("\udc80", None),
    ],
)
def test_a_token_that_is_made_of_what_others_know_is_found(token: str, made_of: str | None) -> None:
    assert origin(token, KNOWN) == made_of
