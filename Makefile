# Planar's few commands. `make demo` and `make test` are all that a newcomer needs.
#
#   make demo               build, then the window (without a display, or with HEADLESS=1: the same in text)
#   make test               build and run all tests
#   make build              build .build/release/planar
#   make demos              build the small programs under Demos/ into .build/release
#   make checkpoints        train the shipped policies again, each from its recipe (hours)
#   make minilm             fetch the sentence encoder MiniLM (90 MB), for policies that read with it
#   make bench              measure simulation, training and inference on this machine
#   make clean              delete what was built

SWIFT_VERSION := 6.1
# The C compiler's processor flag also lets Swift use this machine's vector instructions. No flag
# here changes floating-point semantics. The manifest lists folders, so it is read anew each time.
SWIFT_FLAGS := -c release -Xcc -march=native --manifest-cache none
PLANAR := .build/release/planar
HEADLESS ?=

.PHONY: demo demos test build checkpoints minilm bench clean toolchain packages test-packages

demo: build
	@$(PLANAR) demo $(if $(HEADLESS),--headless)

test: toolchain packages test-packages
	@swift build $(SWIFT_FLAGS) --build-tests
	@swift test $(SWIFT_FLAGS) --skip-build

build: toolchain packages
	@swift build $(SWIFT_FLAGS) --product planar

demos: toolchain packages
	@for name in drive-by-hand train-in-thirty-lines obey-a-sentence add-your-own; do \
	  swift build $(SWIFT_FLAGS) --product $$name || exit 1; done

checkpoints: build
	@sh Assets/make-checkpoints.sh $(PLANAR)

minilm:
	@sh Assets/fetch-minilm.sh

bench: build
	@$(PLANAR) bench

clean:
	@rm -rf .build

toolchain:
	@command -v swift >/dev/null 2>&1 || { \
	  echo "Planar needs the Swift toolchain, version $(SWIFT_VERSION) or later, and found none."; \
	  echo "Install it with swiftly (see https://www.swift.org/install/linux/), open a new shell, and run make again."; \
	  exit 1; }

packages:
	@sh Assets/install-packages.sh "draw and open a window" \
	  pkg-config libcairo2-dev libglfw3-dev libgl-dev fonts-dejavu-core fonts-nanum

test-packages:
	@sh Assets/install-packages.sh "test the window without a display" xvfb xauth libgl1-mesa-dri
