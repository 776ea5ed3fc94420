"""The checks of client-invites."""

from invite_conformance import answers

answers.register(__name__)
