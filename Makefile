# Two commands do everything on a fresh Debian: `make demo` and `make test`. Each sets up what is
# missing, builds what changed, and runs. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup setup-check build demo test check fuzz coverage bench tidy format install deb clean

JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 600
BUILD := build/release
# Debian 12 calls it clang++-14; where there is none, the release's own will do. Asked each time,
# because set-up may only just have installed it.
CLANG = $(if $(shell command -v clang++-14),,-DCMAKE_CXX_COMPILER=clang++)
# Configuring again is cheap, but an unchanged tree need not.
CONFIGURED := $(BUILD)/build.ninja

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup:  ## install the system packages, fetch ONNX Runtime and OpenVINO
	@setup/system.sh build test
	@setup/onnxruntime.sh
	@setup/openvino.sh

setup-check: setup
	@setup/system.sh check

$(CONFIGURED): CMakePresets.json
	@cmake --preset release >/dev/null

build: setup  ## build everything (build/release)
	@$(MAKE) --no-print-directory $(CONFIGURED)
	@cmake --build $(BUILD) -j $(JOBS)

demo: setup  ## build, fetch models and a street video, run them, write out/demo/index.html
	@setup/system.sh demo
	@$(MAKE) --no-print-directory $(CONFIGURED)
	@cmake --build $(BUILD) -j $(JOBS) --target weir_cli
	@$(BUILD)/bin/weir demo --out out/demo

# The models of the catalogue that tests run, 105 MB. Where they cannot be had, those tests skip.
TEST_MODELS := face-full face-short face-mesh face-mesh-score iris palm palm-lite hand hand-lite \
  pose-detect pose-full sface yunet ssd-mobilenet-v2-oid ocr-det ocr-rec ocr-cls page

test: build  ## the unit, pipeline and install tests
	@$(BUILD)/bin/weir pull --quiet $(TEST_MODELS) >/dev/null || \
	  echo "make test: tests of the models that are not here will skip" >&2
	@ctest --preset release -j $(JOBS) $(CTEST_ARGS)

check: setup-check  ## the tests under ASan+UBSan and TSan, 10 s of each fuzz target; benches build
	@$(MAKE) --no-print-directory $(CONFIGURED)
	@cmake --build $(BUILD) -j $(JOBS) --target weir_benches
	@cmake --preset dev $(CLANG) >/dev/null
	@cmake --preset tsan >/dev/null
	@for preset in dev tsan; do \
	  cmake --build --preset $$preset -j $(JOBS); \
	  ctest --preset $$preset -j $(JOBS) $(CTEST_ARGS); \
	done

fuzz: setup-check  ## each fuzz target for FUZZ_SECONDS (default 600), from a new seed
	@cmake --preset dev $(CLANG) >/dev/null
	@cmake --build --preset dev -j $(JOBS) --target weir_fuzz_targets
	@FUZZ_SECONDS=$(FUZZ_SECONDS) ctest --preset fuzz -j $(JOBS) $(CTEST_ARGS)

# The table is printed also when a test failed; the target fails then all the same.
coverage: setup  ## line coverage of the unit and pipeline tests, by folder (out/coverage/index.html)
	@setup/system.sh coverage
	@cmake --preset coverage >/dev/null
	@cmake --build --preset coverage -j $(JOBS)
	@find build/coverage -name '*.gcda' -delete
	@failed=0; ctest --preset coverage -j $(JOBS) $(CTEST_ARGS) || failed=$$?; \
	mkdir -p out/coverage; \
	gcovr -j $(JOBS) --root . --filter src/weir/ --filter apps/ --exclude-unreachable-branches \
	  --gcov-ignore-parse-errors --json-summary build/coverage/summary.json \
	  --html-details out/coverage/index.html build/coverage/src build/coverage/apps; \
	tests/coverage_table.py build/coverage/summary.json; \
	exit $$failed

bench: setup  ## the benchmarks, each beside its baseline
	@$(MAKE) --no-print-directory $(CONFIGURED)
	@cmake --build $(BUILD) -j $(JOBS) --target weir_benches
	@for bench in $(BUILD)/bin/bench_*; do echo "== $$(basename $$bench)"; $$bench; done

tidy: setup-check  ## clang-tidy and clang's lock analysis over everything
	@cmake --preset tidy $(CLANG) >/dev/null
	@cmake --build --preset tidy -j $(JOBS)

format: setup-check  ## clang-format over every source
	@git ls-files '*.cc' '*.h' | xargs clang-format-14 -i

install: build  ## install to PREFIX (default /usr/local)
	@cmake --install $(BUILD) --prefix $(PREFIX)

deb: build  ## make the Debian package (build/release/*.deb)
	@cd $(BUILD) && cpack -G DEB

clean:  ## remove what was built; the caches stay
	@rm -rf build out
