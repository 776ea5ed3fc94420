"""From exchanges to verdicts: requirements, the checks that judge them, and what they find."""
