"""The checks of client-invites."""

from invite_conformance.judging import common_checks

common_checks.register(__name__)
