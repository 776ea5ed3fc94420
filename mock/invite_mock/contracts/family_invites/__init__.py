"""The contract family-invites, served."""

from invite_mock.contracts.family_invites.service import service

__all__ = ["service"]
