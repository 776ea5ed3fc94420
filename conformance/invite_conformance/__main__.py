"""`invite-conformance`, and `python -m invite_conformance`: the command, or the name of the extra that it needs."""

import sys
from importlib.util import find_spec

_NEED_THE_EXTRA = 2
"""The exit code, that of a usage error."""


def main() -> int:
    """Run the command; exit code 2 and one line on standard error where the extra `conformance` is not installed."""
    try:
        # The command imports what the extra installs.
        from invite_conformance.cli import main as command  # noqa: PLC0415  # see above

        return command()
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        # Only an absent package of a third party belongs to the extra; any other failed import is a defect.
        if not package or package in sys.stdlib_module_names or find_spec(package) is not None:
            raise
        print(
            f"invite-conformance: {package} is not installed; "
            "install the extra: pip install 'invite-contracts[conformance]'",
            file=sys.stderr,
        )
        return _NEED_THE_EXTRA


if __name__ == "__main__":
    sys.exit(main())
