"""The checks of seat-offers that its document does not say."""
