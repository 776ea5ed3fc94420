"""The contract client-invites, served."""

from invite_mock.contracts.client_invites.service import service

__all__ = ["service"]
