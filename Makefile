# Everything needs Python 3.11 or later and make; nothing else. `make help` lists the targets.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
INSTALLED := $(VENV)/.installed
STAMP  := $(VENV)/.compiled
TYPES  := $(wildcard worker/clean/*/*.pxd)
DATA   ?= ../shared/data
SCORER ?= ../shared/tools/score_statements.py
ENGINE ?= fast
T      ?= tests
MIN    ?= 30
TRACED = tests/unit tests/properties tests/models tests/integration/test_consume.py -k "not in_time and not linear_time"
SINCE  ?= 4cddeba
COMPILE = $(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --quiet

# $(call needs,PATH): ends a recipe that reads PATH, a part of DATA or the SCORER, when it is not there.
needs = @test -e "$(1)" || { echo "make $@ reads $(1), which is not there." >&2; \
	echo "DATA is the folder of the data sets (now $(DATA)), SCORER the script that scores statements (now $(SCORER))." >&2; \
	echo "Say where yours are: make $@ DATA=/path/to/data SCORER=/path/to/score_statements.py" >&2; exit 2; }

.DEFAULT_GOAL := help
.PHONY: help setup run demo clean-state check fmt fmt-check lint types imports subjects unit test coverage house same-outputs fuzz-api screenshots simulate chaos soak bench bench-e2e bench-json bench-peers bench-ledger bench-feeds feed-readers bench-streams bench-clusters bench-polite bench-growth bench-edits bench-languages bench-clean bench-statements train-statements train-clean lock

##@ Use

help: ## list the targets
	@awk -F ':.*## ' '/^##@/ {printf "\n\033[1m%s\033[0m\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  \033[36m%-18s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv from the locked dependencies, compile the cleaner's inner loops

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "onrecord needs Python 3.11 or later, this is " + sys.version.split()[0])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the locked dependencies into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(INSTALLED)

$(STAMP): $(INSTALLED) compile.py $(TYPES) $(TYPES:.pxd=.py)
	@echo "compiling the cleaner's inner loops (half a minute) ..."
	@$(BIN)/python compile.py
	@touch $(STAMP)

run: $(STAMP) ## poll config/feeds.toml, print statements as they arrive; Ctrl-C ends it
	@$(BIN)/onrecord run

demo: $(STAMP) ## the same, offline, against a local news site; ends by itself
	@$(BIN)/python -m tests.newsroom.demo

clean-state: ## forget everything that was ingested here
	rm -rf .state

##@ Check

check: fmt-check lint types imports subjects test coverage ## what CI runs: format, lint, types, import rules, subjects, tests, coverage

fmt: $(STAMP) ## format the code
	@$(BIN)/ruff format .

fmt-check: $(STAMP) ## say what is not formatted
	@$(BIN)/ruff format --check .

lint: $(STAMP) ## lint
	@$(BIN)/ruff check .

types: $(STAMP) ## check types
	@$(BIN)/mypy

imports: $(STAMP) ## check the import rules
	@$(BIN)/lint-imports

subjects: ## check the commit subjects since SINCE: at most 60 characters, no semicolon
	@$(PYTHON) tools/subjects.py $(SINCE)

unit: $(STAMP) ## pure tests, in seconds
	@$(BIN)/python -m pytest tests/unit

test: $(STAMP) ## unit, integration and end-to-end tests
	@$(BIN)/python -m pytest -n 4 --dist loadscope $(T)

coverage: $(STAMP) ## branch coverage of core, contract, versions and stages; tests that take time as written are left out
	@$(BIN)/python -m pytest -q -n 4 -p tools.interpreted --cov --cov-report term:skip-covered $(TRACED)

fuzz-api: $(STAMP) ## schemathesis against the HTTP API, in an environment of its own
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python -m tools.fuzz_api

##@ Show and simulate

screenshots: $(STAMP) ## docs/web-*.png: the web page with the newsroom's articles; needs Chromium
	@$(BIN)/python -m tools.browser.screenshots

simulate: $(STAMP) ## a month of a thousand feeds on virtual time: polls, lags, gaps
	@$(BIN)/python -m tools.simulation

chaos: $(STAMP) ## kill everything at random, three seeds of 5,000 articles; then the control without a ledger
	@$(BIN)/python -m tools.chaos --control

soak: $(STAMP) ## faults now and then for MIN minutes; memory early and late
	@$(BIN)/python -m tools.chaos --articles 1000000 --minutes $(MIN) --pace 20 --seeds 1

house: $(STAMP) ## how this checkout is built: files, layers, longest class, README, planted violations
	@$(BIN)/python -m tools.house

same-outputs: $(STAMP) ## compare what this checkout and the one at BASE find: statements, articles, events
	$(call needs,$(DATA)/polnear/dev.jsonl)
	@$(BIN)/python -m tools.same_outputs $(BASE) . --data $(DATA)

##@ Measure what needs no data

bench: bench-ledger bench-feeds bench-streams ## what needs no data: ledger, feeds and pages, streams

bench-e2e: $(STAMP) ## a newsroom of 200 hosts, workers, Redis, a consumer: CPU an article by stage, latency, memory; ARGS="--articles 10000"
	@$(BIN)/python -m tools.bench.e2e $(ARGS)

bench-json: $(STAMP) ## the same as JSON, one object a run
	@$(BIN)/python -m tools.bench.e2e --json $(ARGS)

bench-peers: $(STAMP) ## the pages of the bench through other extractors and spaCy, beside ours; draws docs/pipelines.svg
	@$(BIN)/python -m tools.bench.e2e.peers --plot docs/pipelines.svg

bench-ledger: $(STAMP) ## CPU an article in the ledger, beside a bare XADD; memory of its records
	@$(BIN)/python -m tools.bench.ledger

bench-feeds: $(STAMP) ## feeds polled a second and CPU time of a page, beside feedparser and a bare GET
	@$(BIN)/python -m tools.bench.feeds

feed-readers: $(STAMP) ## 300 made-up feeds of every dialect through our reader, feedparser and one more; who is wrong where
	@$(BIN)/python -m tools.feed_readers $(ARGS)

bench-streams: $(STAMP) ## 100,000 events published and consumed, beside raw XADD and XREADGROUP
	@$(BIN)/python -m tools.bench.streams

bench-clusters: $(STAMP) ## near-duplicates: precision and recall on variants of 41 stories, CPU and memory
	@$(BIN)/python -m tools.bench.clusters

bench-polite: $(STAMP) ## 2,000 URLs over 200 hosts, two slots: spacing by the hosts' own log, utilisation
	@$(BIN)/python -m tools.bench.polite

bench-growth: $(STAMP) ## time of ENGINE against the length of a text, ordinary and hostile
	@$(BIN)/python -m tools.bench.growth --engine $(ENGINE)

bench-edits: $(STAMP) ## edits of articles in known ways: what is told of them, and of what was not edited
	@$(BIN)/python -m tools.bench.edits $(ENGINE)

bench-languages: $(STAMP) ## what the rules find in each language
	@$(BIN)/python -m tools.bench.agreement

##@ Measure on DATA

bench-clean: $(STAMP) ## compare the cleaner with its peers on the pages of DATA/cleaning
	$(call needs,$(DATA)/cleaning)
	@$(BIN)/python -m tools.bench.clean --data $(DATA)/cleaning

bench-statements: $(STAMP) ## quality and speed beside other extractors, on DATA by SCORER
	$(call needs,$(DATA)/polnear/dev.jsonl)
	$(call needs,$(SCORER))
	@$(BIN)/python -m tools.bench.peers --data $(DATA) --scorer $(SCORER) --plot docs/statements.svg

##@ Train and release

train-statements: $(STAMP) ## train both engines from DATA (torch; hours on a small machine)
	$(call needs,$(DATA)/polnear/train-speech.jsonl)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --group train
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --group teacher
	@$(BIN)/python -m training.statements --data $(DATA)

train-clean: $(STAMP) ## train the block classifier of the cleaner from DATA
	$(call needs,$(DATA)/cleaning)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --group train
	@OMP_NUM_THREADS=1 $(BIN)/python -m training.clean --data $(DATA)/cleaning

lock: $(STAMP) ## write requirements.lock and, of it, what an image needs anew from pyproject.toml
	@$(COMPILE) --group dev -o requirements.lock
	@$(COMPILE) --group tracing --group build -c requirements.lock -o requirements-run.lock
