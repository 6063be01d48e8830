# Targets of the portal: `make` alone lists them.
PYTHON ?= python3
PORT ?= 8000
SIP_PORT ?= 5060
ARGS ?=
RUN := .venv/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check install -qq --require-hashes
CATALOGUE := translations/$(LANGUAGE)/LC_MESSAGES/messages.po
NPM := $(shell command -v npm)
PACKAGES := chromium kamailio kamailio-postgres-modules kamailio-tls-modules sip-tester baresip-core $(if $(NPM),,nodejs npm)
OIDC := tests/oidc/node_modules/.installed
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

.PHONY: help demo demo-reset demo-sip test lint types bench messages lock oidc system-deps
.DELETE_ON_ERROR:

help:  ## print the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: .venv/runtime  ## serve the demo world on http://localhost:8000 (PORT=… for another port), until ^C
	@exec $(RUN) -m portal demo --port $(PORT)

demo-reset: .venv/runtime  ## the same, from fresh data
	@exec $(RUN) -m portal demo --reset --port $(PORT)

demo-sip: .venv/runtime  ## serve the demo world with real calls by Kamailio (`make system-deps` installs it; SIP_PORT=… for another port)
	@exec $(RUN) -m portal demo --port $(PORT) --sip-port $(SIP_PORT)

test: .venv/development $(if $(NPM),$(OIDC))  ## run all tests (ARGS="tests/unit -x" for some)
	@$(RUN) -m pytest $(ARGS)

lint: .venv/development  ## check style, imports and templates
	@$(RUN) -m ruff check
	@$(RUN) .venv/bin/lint-imports
	@$(RUN) -m djlint --lint --quiet portal

types: .venv/development  ## check types
	@$(RUN) -m mypy

bench: .venv/runtime  ## measure against the budgets (ARGS passes options)
	@$(RUN) -m portal bench $(ARGS)

messages: .venv/runtime  ## bring the catalogues up to date (LANGUAGE=fr begins a new one)
	@mkdir -p build
	@$(RUN) -m babel.messages.frontend --quiet extract --mapping-file=translations/babel.cfg --output-file=build/messages.pot \
	    --keywords="lazy_gettext _l" --add-comments=Translators: --strip-comments --add-location=file --sort-output \
	    --project=portal portal
	@$(if $(LANGUAGE),test -e $(CATALOGUE) || \
	    $(RUN) -m babel.messages.frontend --quiet init --input-file=build/messages.pot --output-dir=translations --locale=$(LANGUAGE))
	@$(RUN) -m babel.messages.frontend --quiet update --input-file=build/messages.pot --output-dir=translations \
	    --no-fuzzy-matching --ignore-obsolete
	@for file in translations/*/LC_MESSAGES/messages.po; do \
	    sed -i -E '/^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Project-Id-Version|Report-Msgid-Bugs-To)/d; 1,/^msgid/{/^(#( .*)?)?$$/d}' $$file; done

lock: .venv/development  ## write the locked requirements anew from the *.in files
	@rm -rf build/lock && $(PYTHON) -m venv build/lock && build/lock/bin/python -m pip --disable-pip-version-check install -qq uv
	@for name in requirements requirements-dev; do build/lock/bin/uv pip compile --quiet --upgrade --generate-hashes --python-version 3.11 \
	    --no-emit-index-url --no-header $$name.in --output-file $$name.txt || exit; done

oidc: $(OIDC)  ## install the OpenID provider for tests of single sign-on (needs Node.js)

system-deps:  ## install Debian's packages for the browser, SIP and single sign-on tests
	@missing=$$(for name in $(PACKAGES); do dpkg-query -W -f '$${Status}' $$name 2>/dev/null | grep -q ' installed$$' || echo $$name; done); \
	    test -z "$$missing" || { $(SUDO) apt-get -q update && \
	    $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing; }

# Each stamp is written last: an installation that was interrupted is done again.
.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is %d.%d; name another: make PYTHON=python3.12" \
	    % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv || { echo "Python’s venv is missing; on Debian: apt-get install python3-venv"; exit 1; }
	@touch $@

$(OIDC): tests/oidc/package-lock.json
	@echo "Installing the OpenID provider for tests …"
	@cd tests/oidc && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

.venv/runtime: requirements.txt | .venv/made
	@echo "Installing what the portal needs …"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/development: requirements-dev.txt | .venv/made
	@echo "Installing what the portal and its tests need …"
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/runtime
