"""Every document of two packages that nobody here wrote is read, and every operation in it is usable."""

import time
from pathlib import Path

import pytest
from invite_specs import Contract, OpenapiError, document_contract
from specs.public_documents import EXAMPLES, LARGE, documents

pytestmark = pytest.mark.slow


def read_through(found: Contract) -> int:
    """Read all that the operations of a contract say, with lines; the number of the operations."""
    assert found.unusable == {}
    for one in found.operations:
        assert found.line(one.pointer) > 1
        for part in (*one.parameters, *([one.body] if one.body else []), *one.responses):
            assert isinstance(part.definition, dict)
            assert isinstance(part.content, dict)
    assert len({one.id for one in found.operations}) == len(found.operations)
    return len(found.operations)


def test_every_example_of_openapi_3_is_read_and_swagger_is_refused(tmp_path: Path) -> None:
    paths = [*documents(EXAMPLES, tmp_path, ".json"), *documents(EXAMPLES, tmp_path, ".yaml")]
    paths = [one for one in paths if one.relative_to(tmp_path).parts[1][0].isdigit()]
    new = [one for one in paths if one.relative_to(tmp_path).parts[1].startswith("3.")]
    assert (len(paths), len(new)) == (129, 115)
    assert sum(read_through(document_contract(one)) for one in new) > 1000
    for old in set(paths) - set(new):
        with pytest.raises(OpenapiError, match=r"this is Swagger 2\.0"):
            document_contract(old)


def test_a_document_of_thirteen_megabytes_is_read_within_a_second_and_a_half(tmp_path: Path) -> None:
    [path] = documents(LARGE, tmp_path, "/api.github.com.json")
    # The time of this process, so that what else the machine does counts less.
    before = time.process_time()
    found = document_contract(path)
    spent = time.process_time() - before
    assert read_through(found) == 1223
    assert spent < 1.5
