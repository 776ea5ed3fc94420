"""What was measured of one server."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Measured:
    """One value a round each, in the order of the rounds, so that two servers can be compared within a round."""

    rates: list[float] = field(default_factory=list)
    """Requests a second."""
    p50: list[float] = field(default_factory=list)
    """Milliseconds, as `p99`."""
    p99: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """Microseconds of the server's processor time a request; this and the next empty where no system tells it."""
    busy: list[float] = field(default_factory=list)
    """The part of a processor that the server used under load: one that had to wait for requests was not at its end."""
    rss_idle: list[float] = field(default_factory=list)
    """MB after the first answer."""
    rss: list[float] = field(default_factory=list)
    """MB after the load."""
    created: list[float] = field(default_factory=list)
    """How many invites the server had been asked for when `rss` was taken."""
    first_answers: list[float] = field(default_factory=list)
    """Seconds from process start, one value a start."""
