# `make demo` and `make test` set up everything they need.

.DEFAULT_GOAL := help
.PHONY: help demo test torture mutants year journeys bench screenshots bundle translations requirements clean

BIN := .venv/bin
JOBS ?= 2

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: ## Start the program with a made-up station; SCENARIO=night, fault, ...
	@tools/setup.sh run
	@$(BIN)/python -m sems_tray --demo $(SCENARIO)

test: ## Run every check: style, types, architecture, tests
	@tools/setup.sh test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

torture: ## Run the long forms of the tests
	@tools/setup.sh test
	$(BIN)/pytest -m "torture or hypothesis" --hypothesis-profile torture $(ARGS)

mutants: ## Break the rules one by one, and print which breaks no test notices
	@tools/setup.sh test
	@$(BIN)/python tools/mutants.py $(ARGS)

ifneq ($(wildcard tools/year.py),)
year: ## Live through simulated years, and print what was said against what was true
	@tools/setup.sh test
	@$(BIN)/python tools/year.py --jobs $(JOBS) $(ARGS)
endif

journeys: ## Trace the program's main roads, and print how far each one winds
	@tools/setup.sh test
	@$(BIN)/python tools/journeys.py $(ARGS)

ifneq ($(wildcard tools/bench.py),)
bench: ## Measure start, memory, processor and painting beside an empty program
	@tools/setup.sh test
	@$(BIN)/python tools/bench.py $(ARGS)
endif

ifneq ($(wildcard tools/screenshots.py),)
screenshots: ## Take the pictures of the README again
	@tools/setup.sh test
	@$(BIN)/python tools/screenshots.py $(ARGS)
endif

ifneq ($(wildcard build.spec),)
bundle: ## Build dist/sems-tray, a folder that runs without Python
	@tools/setup.sh bundle
	@tools/setup.sh test
	$(BIN)/pyinstaller --noconfirm --clean build.spec
	$(BIN)/pytest -m bundle tests/desktop/test_bundle.py
endif

translations: ## Bring the catalogues up to date with the texts, and say what is missing
	@tools/setup.sh test
	@$(BIN)/python tools/translations.py $(ARGS)

requirements: ## Pin the Python packages again; UPGRADE=1 takes the newest
	@tools/compile_requirements.sh

clean: ## Remove what make made
	rm -rf .venv .artefacts build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
