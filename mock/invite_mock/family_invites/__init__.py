"""The contract family-invites, served."""

from invite_mock.family_invites.handler import service

__all__ = ["service"]
