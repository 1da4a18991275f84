# make run     build and start everything with sample data
# make test    the whole gate, cheapest first
# make help    every target
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build
MAKEFLAGS += --no-builtin-rules

export PATH := $(CURDIR)/.cache/node/node_modules/.bin:$(CURDIR)/.cache/bin:$(PATH)

CONSOLE   := web/console
WEB_DIST  := $(CONSOLE)/dist/index.html
WEB_FILES := $(shell find web -type d \( -name node_modules -o -name dist \) -prune -o -type f -print)
API_DOC   := internal/api/openapi.json
FUZZTIME  ?= 5000x
GO_FILES   = $$(git ls-files -co --exclude-standard '*.go')

##@ Use
.PHONY: run build web
run: build ## build everything and start it with sample data
	bin/beian serve --demo --sample-orders

build: web ## bin/beian with the web console inside
	go build -trimpath -tags webassets -o bin/beian ./cmd/beian

web: $(WEB_DIST) ## the web console only

$(WEB_DIST): $(WEB_FILES)
	scripts/setup run
	cd $(CONSOLE) && npm run --silent build
	touch $@

##@ Change
.PHONY: fmt generate bench bench-go bench-files bench-rules clean help
fmt: ## format the Go code
	gofmt -w $(GO_FILES)

generate: ## everything that is generated and committed
	go run github.com/sqlc-dev/sqlc/cmd/sqlc@v1.31.1 generate -f internal/store/sqlc.yaml
	go test ./internal/order -run Diagram -update
	go test ./internal/rulebook -run Documents -update
	cd bench/rules && go mod tidy
	go test ./internal/api -run Document -update
	scripts/setup run
	cd $(CONSOLE) && npm run --silent generate

bench: ## what whole lifecycles cost over HTTP; BENCH="-engine sqlite" and the like, see docs/performance.md
	go build -trimpath -o .cache/bench/beian ./cmd/beian
	go build -o .cache/bench/bench ./bench
	.cache/bench/bench -binary .cache/bench/beian $(BENCH)

bench-go: ## the Go benchmarks
	go test -run='^$$' -bench=. -benchmem ./...

bench-files: ## records a second from ready to accepted, beside their limits in the same run, see docs/performance.md
	go test -run='^$$' -bench=ReadyToAccepted -benchtime=1x ./internal/authority

bench-rules: ## the rule engine beside CEL and OPA, see docs/performance.md
	cd bench/rules && go test -run='^$$' -bench='TenRules|AllPacks' -count=6

clean: ## remove what was built
	rm -rf bin $(CONSOLE)/dist e2e/test-results e2e/playwright-report

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {print "\n" substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Check
.PHONY: test lint check-fmt check-vet check-go check-model check-bench check-generated check-lint check-web check-build check-browser check-fuzz setup
test: setup ## the whole gate
	$(MAKE) --no-print-directory check-fmt
	$(MAKE) --no-print-directory check-vet
	$(MAKE) --no-print-directory check-go
	$(MAKE) --no-print-directory check-model
	$(MAKE) --no-print-directory check-bench
	$(MAKE) --no-print-directory check-generated
	$(MAKE) --no-print-directory check-lint
	$(MAKE) --no-print-directory check-web
	$(MAKE) --no-print-directory check-build
	$(MAKE) --no-print-directory check-browser
	$(MAKE) --no-print-directory check-fuzz

setup: ## install what the gate needs
	scripts/setup test

lint: check-fmt check-vet check-lint check-web ## every check that reads without running

check-fmt: ## gofmt would change nothing
	@bad=$$(gofmt -l $(GO_FILES)); if [ -n "$$bad" ]; then echo "gofmt would change:"; echo "$$bad"; exit 1; fi

check-vet: ## go vet
	go vet ./...

check-go: ## unit tests, import rules, store suites
	go test -race -shuffle=on -timeout=30m ./...

check-model: ## the gateway's model and pairs of faults, whole: the race detector's run takes a part
	go test -run 'Model|FaultsInPairs' ./internal/authority -rapid.checks=100 -pairs.every=1

check-bench: ## the engines that are measured beside ours judge alike; a module of its own
	cd bench/rules && go test ./...

check-generated: ## the API client is that of the API
	@scripts/setup run
	@out=$$(mktemp -d); trap 'rm -rf "$$out"' EXIT; \
	  (cd $(CONSOLE) && npx openapi-typescript ../../$(API_DOC) -o "$$out/schema.d.ts" >/dev/null); \
	  diff -u $(CONSOLE)/src/api/schema.d.ts "$$out/schema.d.ts" || { echo "the API client is stale: make generate"; exit 1; }

check-lint: ## golangci-lint
	@scripts/setup lint
	golangci-lint run

check-web: ## lint, types and tests of the web code
	@scripts/setup run
	cd $(CONSOLE) && npm run --silent lint && npm run --silent check && npm run --silent test

check-build: build ## the binary with the console inside is whole
	go test -tags webassets ./web

check-browser: build ## the pages in a real browser
	cd e2e && npm run --silent check && npm run --silent test

check-fuzz: ## each fuzz target for FUZZTIME
	scripts/fuzz $(FUZZTIME)
