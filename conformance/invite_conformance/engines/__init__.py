"""What makes calls beyond the directed checks: generated requests, histories of calls, and calls that race."""
