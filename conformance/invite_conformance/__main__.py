"""`python -m invite_conformance` is `invite-conformance`."""

import sys

from invite_conformance.cli import main

sys.exit(main())
