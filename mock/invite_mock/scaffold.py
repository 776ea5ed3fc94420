"""`python -m invite_mock.scaffold NAME`: a new contract's folder in the mock, which answers as its document does."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

from invite_specs import Contract
from invite_specs.new_contract import NewContractError, Written, command, folder_of, found_contract, run, write

from invite_mock import contracts
from invite_mock.documents.answers import DocumentAnswers
from invite_mock.documents.made_values import ValueMaker
from invite_mock.http.schema import Schemas, UnsupportedError
from invite_mock.http.validation import OperationValidator
from invite_mock.rule_draft import rules
from invite_mock.state.members import snake

_SERVICE = '''"""The contract {name}, served."""

from invite_mock.contracts.{module} import rules
from invite_mock.contracts.{module}.world import KINDS
from invite_mock.http.problems import Refusals
from invite_mock.http.service import Service
from invite_mock.state.contents import Contents, world_beside

service = Service(rules=rules, refusals=Refusals({{}}), contents=Contents(KINDS, None, world_beside(__file__)))
'''
_WORLD = '''"""What {name} keeps in a world: nothing yet.

An entity is a dataclass with a `Kind` (see `invite_mock.state.kind`). What waits for an answer for a time, as an invite
does, is declared by `Invites` (see `invite_mock.state.invites`).
"""

from typing import Any

from invite_mock.state.kind import Kind

KINDS: tuple[Kind[Any], ...] = ()
'''
_DEFAULT = """# What the default world has of {name}, as world.py declares it.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0, or 2 where nothing was written."""
    return run(command("invite_mock.scaffold", "Write a new contract's folder in the mock."), _scaffold, arguments)


def _scaffold(options: argparse.Namespace) -> Written:
    name, module = options.name, options.name.replace("-", "_")
    folder = folder_of(contracts.__path__, name, options.into)
    contract = found_contract(name, options.into)
    _check(contract)
    texts = {"__init__.py": _SERVICE, "world.py": _WORLD, "world.yaml": _DEFAULT}
    files = {file: text.format(name=name, module=module) for file, text in texts.items()}
    write(folder, files | {"rules.py": rules(name, contract.operations)})
    return Written(
        folder,
        {
            "__init__.py": "what the mock knows of the contract",
            "rules.py": "a stub for each operation, which answers as the document does",
            "world.py": "what a world has of it",
            "world.yaml": "the default world",
        },
        [
            "world.py, world.yaml: what the rules need to know",
            "rules.py: one function after the other, until no stub is left",
            "problems.py: code, status, meaning and remedy of what rules refuse; give the\n"
            "    table to Refusals in __init__.py",
            f"tests/mock/contracts/{module}/: a test for each row of the decision table",
        ],
    )


def _check(contract: Contract) -> None:
    """Raise NewContractError for operations that cannot be served."""
    schemas = Schemas(contract.assumed, contract.assumption_at)
    maker = ValueMaker(schemas)
    names = Counter(snake(one.id) for one in contract.operations)
    for one in contract.operations:
        name = f"{contract.name}: {one.method} {one.path}"
        if names[snake(one.id)] > 1 or snake(one.id) == "authorize":
            reason = f"its rule would have the name {snake(one.id)}, which is taken"
            raise NewContractError(f"{name}: {reason}; give it another operationId in assumptions.yaml")
        try:
            OperationValidator(one, schemas)
            answers = DocumentAnswers(one, schemas, maker)
        except UnsupportedError as error:
            raise NewContractError(f"{name} {error}; say it otherwise in assumptions.yaml") from error
        if answers.success is None:
            reason = "; ".join(answers.left_out) or "it documents none"
            raise NewContractError(f"{name} has no answer that can be sent: {reason}; add one in assumptions.yaml")


if __name__ == "__main__":
    sys.exit(main())
