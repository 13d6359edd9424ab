# The one door for a person: `make run` to see it, `make test` to prove it.

PORT ?= 8000
PROCEDURE ?= code-2024
PYTHON ?= python3
BIN := .venv/bin
SOURCES := $(shell find static -type f -not -path 'static/build/*' 2>/dev/null)

# The environment of a production installation, for the checks that ask how it would start.
PRODUCTION = env ENV_FILE=/dev/null SECRET_KEY=$(shell printf 'for-checks-only-%.0s' 1 2 3 4 5) \
	ALLOWED_HOSTS=complaints.example PUBLIC_BASE_URL=https://complaints.example DEBUG=false \
	DEMONSTRATION=false DATABASE_URL=sqlite://:memory: EMAIL_URL=smtp://mail.complaints.example:25

CHECKS := check-types check-style check-imports check-migrations check-settings check-rules

.PHONY: $(CHECKS) help run test check rules bench prove prove-intake assets format

help:
	@echo "make run [PORT=8000] [PROCEDURE=herefordshire]"
	@echo "                      set everything up and start a demonstration"
	@echo "make test             every check and test, on SQLite and on PostgreSQL"
	@echo "make check            style, types, imports, migrations, settings"
	@echo "make rules            which numbered rules of the procedures are tested"
	@echo "make bench [SIZES=…]  times, queries and bytes beside their floors"
	@echo "make prove            the long forms of the promises"
	@echo "make prove-intake     those of the public form alone: 5,000 forms, 200 kills"

run: .venv/installed node_modules/.assets-built
	@$(BIN)/python -m complaints_site.first_run
	@exec $(BIN)/python manage.py demonstrate --port $(PORT) --procedure $(PROCEDURE)

.venv/installed: requirements.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 …"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

assets: node_modules/.assets-built

# Node builds the style sheets once; where there is none, it comes from a Python package.
node_modules/.assets-built: .venv/installed package.json package-lock.json requirements-node.txt $(SOURCES)
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-node.txt
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund
	PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent build
	@touch $@

test: check
	$(BIN)/python -m complaints_site.tests.suite

# Types take a processor longer than all the rest, which goes on beside them.
check: .venv/installed-dev assets
	@$(MAKE) --no-print-directory -j2 $(CHECKS)

check-types:
	$(BIN)/mypy

check-style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check-imports:
	$(BIN)/lint-imports

check-migrations:
	$(PRODUCTION) $(BIN)/python -W error manage.py makemigrations --check --dry-run

check-settings:
	$(PRODUCTION) $(BIN)/python -W error manage.py check --deploy --fail-level WARNING

check-rules:
	$(BIN)/python -m cases.tests.rule_count

rules: .venv/installed-dev
	@$(BIN)/python -m cases.tests.rule_count

bench: .venv/installed-dev assets
	$(BIN)/python -m complaints_site.tests.bench $(SIZES)

prove: .venv/installed-dev assets
	$(BIN)/python -m complaints_site.tests.suite --long

prove-intake: .venv/installed-dev assets
	$(BIN)/python -m complaints_site.tests.suite --long complaints_site/tests/intake

format: .venv/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
