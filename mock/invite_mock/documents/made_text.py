"""Strings for made values: by the format, the pattern, or the name of the member that they are for.

1. They follow from the seed alone; instants lie before the clock's day, so that they stay the same for a day.
"""

import base64
import random
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from invite_specs import Document
from rstr.xeger import Xeger

if TYPE_CHECKING:
    from faker import Faker

_MOST_REPEATS = 4
"""How often something may be repeated that a pattern allows any number of times, beyond what it requires."""
_NAMED = {
    "address": "street_address",
    "avatar_url": "image_url",
    "birthday": "date",
    "city": "city",
    "company": "company",
    "country": "country",
    "country_code": "country_code",
    "currency": "currency_code",
    "description": "sentence",
    "email": "email",
    "first_name": "first_name",
    "full_name": "name",
    "ip": "ipv4",
    "last_name": "last_name",
    "login": "user_name",
    "message": "sentence",
    "name": "name",
    "phone": "phone_number",
    "phone_number": "phone_number",
    "postal_code": "postcode",
    "street": "street_name",
    "surname": "last_name",
    "title": "catch_phrase",
    "url": "url",
    "user_name": "user_name",
    "username": "user_name",
    "zip": "postcode",
}
"""What Faker calls the kind of text that a member of that name holds, in words joined by `_`."""


class MadeText:
    """Makes strings; `now` is the world's clock, in microseconds since 1970."""

    def __init__(self, faker: "Faker", seed: str, now: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # nothing secret
        faker.seed_instance(seed)
        self._faker = faker
        today = datetime.fromtimestamp(now // 1_000_000, UTC).replace(hour=0, minute=0, second=0)
        self._instant = today - timedelta(seconds=self._random.randrange(30 * 86_400))
        self._formats: Mapping[str, Callable[[], str]] = {
            "byte": lambda: base64.b64encode(self._words(3).encode()).decode(),
            "date": lambda: self._instant.date().isoformat(),
            "date-time": lambda: self._instant.isoformat().replace("+00:00", "Z"),
            "duration": lambda: f"P{self._random.randint(1, 30)}D",
            "email": faker.safe_email,
            "hostname": faker.domain_name,
            "idn-email": faker.safe_email,
            "idn-hostname": faker.domain_name,
            "ipv4": faker.ipv4_private,
            "ipv6": faker.ipv6,
            "iri": faker.url,
            "iri-reference": faker.uri_path,
            "json-pointer": lambda: f"/{faker.word()}",
            "regex": lambda: f"^{faker.word()}$",
            "relative-json-pointer": lambda: f"0/{faker.word()}",
            "time": lambda: f"{self._instant.time().isoformat()}Z",
            "uri": faker.url,
            "uri-reference": faker.uri_path,
            "uri-template": lambda: f"{faker.url()}{{id}}",
            "uuid": faker.uuid4,
        }

    def make(self, schema: Document, name: str) -> str:
        """A string for a schema; `name` is the member's, or empty."""
        least, most = schema.get("minLength", 0), schema.get("maxLength")
        form = self._formats.get(str(schema.get("format")))
        if form is not None:
            return form()
        if "pattern" in schema:
            return self._by_pattern(schema["pattern"], least)
        if schema.get("contentEncoding") == "base64":
            return self._formats["byte"]()
        text = self._named(name) if most is None or most > 10 else self._words(1)
        while len(text) < least:
            text += f" {self._faker.word()}"
        return text if most is None else text[:most].strip().ljust(min(least, most), "x")

    def word(self) -> str:
        """One word."""
        return str(self._faker.word())

    def _named(self, name: str) -> str:
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|\W", "_", name).lower().strip("_")
        kind = _NAMED.get(words) or next((_NAMED[end] for end in _endings(words) if end in _NAMED), None)
        if kind is not None:
            make: Callable[[], Any] = getattr(self._faker, kind)
            return str(make())
        return (
            f"{self._formats['uuid']()}" if words.endswith("id") and words[:-2].endswith(("", "_")) else self._words(2)
        )

    def _words(self, count: int) -> str:
        return " ".join(self._faker.words(count))

    def _by_pattern(self, pattern: str, least: int) -> str:
        """A text that matches a pattern, if it is one that Python reads as JavaScript does; any other text if not."""
        writer = _PatternWriter(self._random, max(least, _MOST_REPEATS))
        try:
            return writer.xeger(pattern)
        except (re.error, KeyError, IndexError, OverflowError, RecursionError):
            return self._words(1)


def _endings(words: str) -> list[str]:
    """`created_by_email` ends in `by_email` and in `email`."""
    parts = words.split("_")
    return ["_".join(parts[start:]) for start in range(1, len(parts))]


class _PatternWriter(Xeger):
    """Writes short texts, the same for the same seed in every process.

    The library's own repeats up to 100 times at each level, and chooses from sets in the order of their hashes.
    """

    def __init__(self, source: random.Random, most_repeats: int) -> None:
        super().__init__(source)
        self._most_repeats = most_repeats

    def _handle_repeat(self, start_range: int, end_range: int, value: Any) -> str:
        times = self._random.randint(start_range, min(end_range, start_range + self._most_repeats))
        return "".join("".join(self._handle_state(one) for one in value) for _ in range(times))

    def _handle_in(self, value: Any) -> Any:
        found = [one for state in value for one in self._handle_state(state)]
        if found[0] is False:
            found = sorted({chr(code) for code in range(0x20, 0x7F)} - set(found))
        return self._random.choice(found)
