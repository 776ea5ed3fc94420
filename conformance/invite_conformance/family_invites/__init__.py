"""The checks of family-invites."""

from invite_conformance import answers

answers.register(__name__)
