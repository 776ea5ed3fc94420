"""The checks of client-invites that its document does not say."""
