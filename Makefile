# What a user and a developer of this repository run; `make help` lists it.
PYTHON ?= python3
BIN := .venv/bin
SOURCES := specs mock conformance tests

.PHONY: help mock test test-slow test-lowest check bench proof mutants contract lock clean

help:
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 mock")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

mock: .venv/installed ## serve the mock on http://127.0.0.1:4010
	@exec $(BIN)/invite-mock

test: .venv/installed ## run every quick test that can run on this machine
	$(BIN)/pytest -n 2 --dist worksteal -m "not slow"

test-slow: .venv/installed ## run the tests that install packages or take long
	$(BIN)/pytest -n 2 --dist worksteal -m slow

# Old packages warn of what was deprecated after them.
test-lowest: .venv-lowest/installed ## run the quick tests with the oldest versions that pyproject.toml allows
	.venv-lowest/bin/pytest -n 2 --dist worksteal -m "not slow" -W ignore

.venv-lowest/installed: pyproject.toml .venv/installed
	$(BIN)/uv venv --quiet --clear --python $(PYTHON) .venv-lowest
	$(BIN)/uv pip install --quiet --python .venv-lowest --resolution lowest-direct --editable '.[mock,conformance]'
	$(BIN)/uv pip install --quiet --python .venv-lowest --group dev
	touch $@

check: .venv/installed ## lint, types, the dependency law and the declared dependencies
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy $(SOURCES)
	$(BIN)/pytest -q tests/specs/test_dependency_law.py tests/end_to_end/test_dependencies.py

# BENCH takes options of tests/bench/bench.py, such as --short.
GENERATOR ?= $(if $(shell command -v wrk),wrk,locust)
bench: .venv/installed $(if $(filter locust,$(GENERATOR)),.venv-bench/installed) ## compare the speed with stock connexion and bare ASGI
	@$(BIN)/python -m tests.bench.bench --generator $(GENERATOR) $(BENCH)

# PROOF takes options of tests/conformance/proof.py, such as --short.
proof: .venv/installed ## run the suite on every faulty and every correct server, and print what it found and what it cost
	@PYTHONPATH=tests $(BIN)/python -m conformance.proof $(PROOF)

# INTO names a folder outside this project: make contract NAME=seat-offers FROM=published.yaml INTO=../seats
INTO_FOLDER := $(if $(INTO),--into "$(INTO)")
contract: .venv/installed ## write a new contract in all three places: make contract NAME=seat-offers FROM=published.yaml
	@$(BIN)/python -m invite_specs.scaffold "$(NAME)" "$(FROM)" $(INTO_FOLDER)
	@$(BIN)/python -m invite_mock.scaffold "$(NAME)" $(INTO_FOLDER)
	@$(BIN)/python -m invite_conformance.scaffold "$(NAME)" $(INTO_FOLDER)

# MUTANTS takes options and patterns of modules: make mutants MUTANTS="--sample 50 'mock/invite_mock/state/*.py'".
mutants: .venv/mutants-installed ## change the code in 300 places, and count what the tests find
	@PYTHONPATH=tests $(BIN)/python -m mutants $(MUTANTS)

.venv/mutants-installed: requirements-mutants.lock .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

.venv-bench/installed: tests/bench/requirements.lock
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --upgrade

lock: .venv/installed ## renew requirements.lock, requirements-browser.lock and requirements-mutants.lock
	$(COMPILE) --all-extras --group dev pyproject.toml -o requirements.lock
	$(COMPILE) --group browser -c requirements.lock -o requirements-browser.lock
	$(COMPILE) --group mutants -c requirements.lock -o requirements-mutants.lock

clean: ## remove what the commands above made
	rm -rf .venv .venv-bench .venv-lowest .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
