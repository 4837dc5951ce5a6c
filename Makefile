# Every target makes what it needs: the virtual environment, and the Pulumi CLI where none is installed.
PYTHON ?= python3
VENV := venv
RUN := $(VENV)/bin/python
# Tests run beside each other: on as many processes as there are processors. The slow ones are at the end, so one takes
# over what another has not begun.
WORKERS ?= auto

.PHONY: help preview test test-lowest check check-config format docs publish organization analyze bench mutants picture clean

help: ## Show the targets.
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

preview: $(VENV)/.ready ## Judge the examples with the real engine; PROGRAM=DIR judges a program of your own.
	@$(RUN) -m tools.preview $(PROGRAM)

test: $(VENV)/.ready ## Run all tests.
	@$(RUN) tools/pulumi_cli.py > /dev/null
	$(RUN) -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

test-lowest: ## Run the tests of the pack itself on the lowest versions that requirements.txt allows.
	@mkdir -p .build
	sed 's/>=\([^,]*\),.*/==\1/' requirements.txt > .build/lowest.txt
	grep -E '^(botocore|hypothesis|ministack|pytest|pytest-xdist)==' requirements-dev.txt >> .build/lowest.txt
	$(PYTHON) -m venv --clear .build/lowest
	.build/lowest/bin/python -m pip install --quiet --disable-pip-version-check -r .build/lowest.txt
	.build/lowest/bin/python -m pytest -n $(WORKERS) --dist worksteal tests/rules tests/policies tests/protocol tests/live tests/test_layers.py

check: $(VENV)/.ready ## Check format, lint and types.
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy .

check-config: $(VENV)/.ready ## Judge a configuration of the policies before it is used; CONFIG=FILE.
	@$(RUN) -m tools.check_config $(CONFIG)

publish: $(VENV)/.ready ## Publish the pack to an organization in Pulumi Cloud; ORG=NAME.
	@$(RUN) -m tools.publish $(ORG)

analyze: $(VENV)/.ready ## Judge an exported state, and ask AWS about it; STATE=FILE, CONFIG=FILE if you like.
	@$(RUN) -m tools.analyze $(STATE) $(CONFIG)

organization: $(VENV)/.ready ## Open a shell of a member of an organization, to try docs/organization.md.
	@$(RUN) -m tools.organization_shell

docs: $(VENV)/.ready ## Write docs/policies.md from the policies.
	$(RUN) -m tools.policy_docs

format: $(VENV)/.ready ## Format the code.
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

bench: $(VENV)/.ready ## Measure the pack against a pack of policies that do nothing.
	$(RUN) -m tools.bench

mutants: $(VENV)/.ready ## Break the rules in every small way and see the tests notice; FILES="arn trust" for some.
	$(RUN) -m tools.mutants $(FILES)

picture: $(VENV)/.ready ## Draw docs/report.svg from a real run.
	$(RUN) -m tools.picture

clean: ## Remove what the other targets made.
	rm -rf $(VENV) .build .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/.ready: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
