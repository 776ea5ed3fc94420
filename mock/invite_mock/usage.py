"""A usage error: something that the user gave and that cannot be used."""


class UsageError(Exception):
    """Ends the command with exit code 2; the message is one line, and says what to give instead."""
