"""The checks of family-invites that its document does not say."""
