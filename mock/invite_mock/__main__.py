"""`python -m invite_mock` is the command `invite-mock`."""

import sys

from invite_mock.cli import main

sys.exit(main())
