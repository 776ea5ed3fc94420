"""`python -m invite_conformance.scaffold NAME`: a new contract's folder in the suite.

1. What is made from the document alone is not sure to be accepted: no server is accused of refusing it.
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from invite_specs import Contract, Json, Operation, Parameter
from invite_specs.new_contract import Written, command, folder_of, found_contract, run, write

from invite_conformance import contracts
from invite_conformance.http.exchange import Call
from invite_conformance.judging.calls import is_ignored
from invite_conformance.judging.catalogue import Catalogue
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.derived.invalid_values import effective
from invite_conformance.judging.derived.made_calls import MadeCall
from invite_conformance.judging.derived.schemas import Schemas
from invite_conformance.plan import Plan
from invite_conformance.python_text import WIDTH, identifier, literal, snake, yaml_key, yaml_value
from invite_conformance.run import context_for
from invite_conformance.target.states import Blocked
from invite_conformance.target.target import Target

_COPIED = ("type", "format", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength")
"""What the schema of a state takes over from that of its parameter."""
_REQUIREMENTS = """# What an implementation of {name} must or should satisfy beside what its document says by itself
# (`invite-conformance list --contract {name}` prints that). An entry of `requirements` is a sentence of prose;
# a check in a module beside this file judges it.
operations:
  # The states that a valid call needs, and those that it takes to see a status.
"""
_CALLS = '''"""How a valid call of each operation of {name} is made.

A call that is only made from the document is not `sure`: a server may refuse it, since nobody knows what it has.
"""

{imports}
'''
_STATES = """# The states that a target of {name} can offer; $defs are those of target.schema.yaml.
# Pairs of states that must differ, such as [team, other_team].
x-distinct: []
"""
_TARGET = """# A target file of invite-conformance: the server to test and what it can offer. Then:
#   invite-conformance run --target target.yaml
contract: {name}
base_url: http://127.0.0.1:4010
# Sent with every request. ${{NAME}} is the environment variable NAME; no report shows its value.
# headers:
#   Authorization: Bearer ${{API_TOKEN}}

# What the server can offer. Delete what it cannot: the requirements that need it are then "blocked".
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0, or 2 where nothing was written."""
    return run(
        command("invite_conformance.scaffold", "Write a new contract's folder in the suite."), _scaffold, arguments
    )


def _scaffold(options: argparse.Namespace) -> Written:
    name = options.name
    folder = folder_of(contracts.__path__, name, options.into)
    draft = _Draft(found_contract(name, options.into))
    write(
        folder,
        {
            "__init__.py": f'"""The checks of {name} that its document does not say."""\n',
            "calls.py": draft.calls(),
            "requirements.yaml": draft.requirements(),
            "states.schema.yaml": draft.states_schema(),
            "target.yaml": draft.target(),
        },
    )
    return Written(
        folder,
        {
            "calls.py": "how a valid call of each operation is made",
            "requirements.yaml": "the states of each operation; no requirements yet",
            "states.schema.yaml": "a state for each parameter of a path",
            "target.yaml": "the file that a user fills in, with values of the document",
        },
        [
            "states.schema.yaml, target.yaml: what else a server must offer",
            "calls.py: calls that a correct server accepts, each with fresh data; delete\n"
            "    `sure=False` where it does",
            "requirements.yaml, and checks beside it: what only prose says",
            "tests/conformance: a reference server, and a faulty one for each requirement",
        ],
    )


class _Draft:
    """The files of a contract of which nothing is known but its document."""

    def __init__(self, contract: Contract) -> None:
        self._name = contract.name
        self._operations = contract.operations
        self._schemas = Schemas(contract.assumed)
        # Nothing is sent: it says what a call is made with.
        target = Target(self._name, "http://127.0.0.1:4010")
        self._context: CheckContext = context_for(target, Plan(), Catalogue(contract, None))
        self._made = {one.id: self._made_call(one) for one in self._operations}

    def _made_call(self, operation: Operation) -> Call | Blocked:
        """A call as the document makes it, or why there is none."""
        try:
            return MadeCall(operation, self._schemas)(self._context)
        except Blocked as blocked:
            return blocked

    def requirements(self) -> str:
        """requirements.yaml."""
        text = _REQUIREMENTS.format(name=self._name)
        for one in self._operations:
            states = f"[{', '.join(self._states_of(one).values())}]"
            text += f"  {yaml_key(one.id)}:\n    valid: {states}\n"
            text += "".join(f"    '{status}': {states}\n" for status in one.statuses if status >= 400)
        return text + "# What a derived requirement says otherwise, by its id.\nderived: {}\nrequirements: []\n"

    def calls(self) -> str:
        """calls.py."""
        taken: set[str] = set()
        functions = [self._function(one, taken) for one in self._operations]
        blocked = any(isinstance(one, Blocked) for one in self._made.values())
        imports = [
            "from invite_conformance.http.exchange import Call",
            "from invite_conformance.judging.context import CheckContext",
            "from invite_conformance.judging.registry import valid_call",
            *(["from invite_conformance.target.states import Blocked"] if blocked else []),
        ]
        return _CALLS.format(name=self._name, imports="\n".join(imports)) + "".join(functions)

    def _function(self, operation: Operation, taken: set[str]) -> str:
        name = identifier(operation.id, taken)
        made = self._made[operation.id]
        head = f"\n\n@valid_call({literal(operation.id)}, sure=False)\n"
        said = f'    """A call of {operation.id}."""\n'
        if isinstance(made, Blocked):
            return f"{head}def {name}(_: CheckContext) -> Call:\n{said}    raise Blocked({literal(str(made))})\n"
        path = {parameter: f'context.states.get("{state}")' for parameter, state in self._states_of(operation).items()}
        written = ", ".join(f"{literal(parameter)}: {state}" for parameter, state in path.items())
        parts = [literal(operation.id), f"path={{{written}}}"]
        query = dict(parse_qsl(made.path.partition("?")[2], keep_blank_values=True))
        parts += [f"query={literal(query, 4)}"] if query else []
        headers = {key: value for key, value in made.headers.items() if key.lower() != "content-type"}
        parts += [f"headers={literal(headers, 4)}"] if headers else []
        parts += [f"body={literal(made.given, 4)}"] if made.body is not None else []
        line = f"    return context.call({', '.join(parts)})\n"
        if len(line) > WIDTH or "\n" in line[:-1]:
            line = "    return context.call(\n" + "".join(f"        {one},\n" for one in parts) + "    )\n"
        return f"{head}def {name}(context: CheckContext) -> Call:\n{said}{line}"

    def states_schema(self) -> str:
        """states.schema.yaml."""
        text = _STATES.format(name=self._name) + ("properties:\n" if self._parameters() else "properties: {}\n")
        for state, (_, parameter) in self._parameters().items():
            schema = effective(self._schemas.document, parameter.schema) if parameter.schema else {}
            found = {key: schema[key] for key in _COPIED if key in schema} or {"type": "string"}
            found["description"] = f"a value of `{parameter.name}` that names something"
            text += f"  {state}:\n" + "".join(f"    {key}: {yaml_value(value)}\n" for key, value in found.items())
        return text

    def target(self) -> str:
        """target.yaml."""
        found = self._parameters()
        text = _TARGET.format(name=self._name) + ("states:\n" if found else "states: {}\n")
        for state, (operation, parameter) in found.items():
            made = self._made[operation.id]
            schema = effective(self._schemas.document, parameter.schema) if parameter.schema else {}
            given = [*schema.get("enum", ()), *(schema[key] for key in ("example", "minimum") if key in schema)]
            value = self._typed(parameter, made.params[parameter.name]) if isinstance(made, Call) else None
            value = next(iter(given), "REPLACE") if value is None else value
            text += f"  # `{parameter.name}` of {operation.path}\n  {state}: {json.dumps(value)}\n"
        return text

    def _typed(self, parameter: Parameter, text: str) -> Json:
        """The value that a parameter's text stands for."""
        types = effective(self._schemas.document, parameter.schema).get("type") if parameter.schema else "string"
        try:
            value: Json = json.loads(text) if types in {"integer", "number", "boolean"} else text
        except ValueError:
            return text
        return value

    def _states_of(self, operation: Operation) -> dict[str, str]:
        """The state of each parameter of an operation's path: of one name where they mean the same."""
        found = {}
        for one in operation.parameters:
            if one.place == "path" and not is_ignored(one):
                before = re.search(r"(\w*)/\{" + re.escape(one.name), operation.path)
                prefix = f"{before[1]}_" if before and not self._is_same_everywhere(one) else ""
                found[one.name] = snake(prefix + one.name)
        return found

    def _is_same_everywhere(self, parameter: Parameter) -> bool:
        """Whether each parameter of that name in a path stands after the same segment."""
        pattern = re.compile(r"([^/{}]*)/\{" + re.escape(parameter.name) + r"\}")
        return len({found[1] for one in self._operations for found in pattern.finditer(one.path)}) <= 1

    def _parameters(self) -> Mapping[str, tuple[Operation, Parameter]]:
        """By state: a parameter that it is the value of, and its operation."""
        found: dict[str, tuple[Operation, Parameter]] = {}
        for operation in self._operations:
            states = self._states_of(operation)
            for one in operation.parameters:
                if one.place == "path" and one.name in states:
                    found.setdefault(states[one.name], (operation, one))
        return found


if __name__ == "__main__":
    sys.exit(main())
