"""The contract client-invites, served."""

from invite_mock.client_invites.handler import service

__all__ = ["service"]
