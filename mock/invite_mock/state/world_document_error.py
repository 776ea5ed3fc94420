"""The error of a world document that cannot be used."""


class WorldDocumentError(ValueError):
    """A world document that cannot be used: `pointer` is the place in it, `reason` says why."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(reason)
        self.pointer = pointer
        self.reason = reason
