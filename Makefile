# What a person types. Everything that is needed is installed by `make install`, which the others call.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
ROOT := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
HEADWATER := $(ROOT).build-release/release/headwater

PACKAGES := libyaml-dev libsqlite3-dev libssl-dev libzstd-dev zlib1g-dev libbz2-dev liblzma-dev libbrotli-dev libcld2-dev libuchardet-dev libcurl4-openssl-dev pkg-config bubblewrap

.PHONY: help install build demo test test-standards lint format quality fuzz storm storm-runs many-runs bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /  \1\t/' | expand -t 14

install: ## install the Debian packages that are missing
	@cd $(ROOT) && .ci/install $(PACKAGES)

build: install ## build the command in release mode
	@cd $(ROOT) && swift build -c release --static-swift-stdlib --scratch-path .build-release --product headwater

demo: build ## run the quickstart over the sample pages, and trace one sentence of the brief
	@cd $(ROOT) && .ci/demo $(HEADWATER)

test: install ## build everything, warnings as errors, and run all tests
	@cd $(ROOT) && .ci/test

test-standards: install ## check exports with other people's readers of PROV and OpenLineage, from PyPI
	@cd $(ROOT) && python3 -m venv .build-standards/venv
	@cd $(ROOT) && .build-standards/venv/bin/pip install --quiet --disable-pip-version-check --requirement Tests/Standards/requirements.txt
	@cd $(ROOT) && HEADWATER_STANDARDS_PYTHON=$(ROOT).build-standards/venv/bin/python .ci/test --filter StandardsTests

lint: ## check the formatting
	@cd $(ROOT) && swift format lint --strict --recursive Package.swift Sources Plugins Tests

format: ## format the code
	@cd $(ROOT) && swift format --in-place --recursive Package.swift Sources Plugins Tests

quality: build ## score the stages on labelled data: make quality EVAL=FOLDER [SETS="seeds clean"]
	@test -n "$(EVAL)" || { echo "say where the labelled data is: make quality EVAL=FOLDER"; exit 2; }
	@cd $(ROOT) && python3 Tests/Quality/evaluate.py $(HEADWATER) "$(abspath $(EVAL))" $(SETS)

fuzz: install ## feed damaged and hostile input to all that reads any: make fuzz [MINUTES=60] [SEED=N] [ONLY="page warc"]
	@cd $(ROOT) && swift build -c release --scratch-path .build-release --product fuzz
	@cd $(ROOT) && .build-release/release/fuzz hostile
	@cd $(ROOT) && .build-release/release/fuzz --minutes $(or $(MINUTES),60) --found .build-release/found \
		$(if $(SEED),--seed $(SEED)) $(addprefix --subject ,$(ONLY))

storm: install ## kill processes that use one store, thousands of times: make storm [KILLS=3000] [SEED=N]
	@cd $(ROOT) && swift build -c release --scratch-path .build-release --product storm
	@cd $(ROOT) && .build-release/release/storm --kills $(or $(KILLS),3000) $(if $(SEED),--seed $(SEED))

storm-runs: build ## kill whole runs, thousands of times: make storm-runs [KILLS=3000] [SEED=N]
	@cd $(ROOT) && swift build -c release --scratch-path .build-release --product storm
	@cd $(ROOT) && .build-release/release/storm runs --kills $(or $(KILLS),3000) $(if $(SEED),--seed $(SEED))

many-runs: build ## time commands on a log of very many runs: make many-runs [RUNS=100000]
	@cd $(ROOT) && HEADWATER_RUNS=$(or $(RUNS),100000) HEADWATER_COMMAND=$(HEADWATER) swift test --filter ManyRunsTests/quick

bench: build ## measure speed and memory against references: make bench [ONLY="files tasks"]
	@cd $(ROOT) && swift build -c release --scratch-path .build-release --product task-benchmark
	@cd $(ROOT) && swift build -c release --scratch-path .build-release --product benchmark-plugin
	@cd $(ROOT) && python3 Tests/Benchmark/benchmark.py $(HEADWATER) $(dir $(HEADWATER))task-benchmark $(ONLY)

clean: ## remove what was built; artifacts stay
	@cd $(ROOT) && rm -rf .build .build-release .build-standards
