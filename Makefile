# Planar's few commands. `make demo` and `make test` are all that a newcomer needs.
#
#   make demo               build, then the window (without a display, or with HEADLESS=1: the same in text)
#   make test               build and run all tests, after make lint
#   make lint               check the sources' format and that every public declaration is documented
#   make sanitize           run all tests under the address sanitizer, then under the thread sanitizer (an hour)
#   make format             give the sources their format
#   make build              build .build/release/planar
#   make install            build, and copy the program and its files under PREFIX (/usr/local; DESTDIR before it)
#   make demos              build the small programs under Demos/ into .build/release
#   make docs               make the documentation site in .build/docs
#   make pages              write the tables of environment files again, after a new key, factor or task
#   make film               make the README's moving picture again
#   make torture KILLS=…    end commands at random moments, and look for what is lost (1000, some seconds each)
#   make mutate MUTATIONS=… let every reader read changed files, and look for crashes and bad answers (100000, hours)
#   make fuzz-readers FUZZ_SECONDS=… let libFuzzer look for bytes that readers fail at (600 for each of four readers)
#   make checkpoints        train the shipped policies again, each from its recipe (hours)
#   make minilm             fetch the sentence encoder MiniLM (90 MB), for policies that read with it
#   make bench              measure simulation, training and inference on this machine
#   make clean              delete what was built

SWIFT_VERSION := 6.2
# The C compiler's processor flag also lets Swift use this machine's vector instructions. No flag
# here changes floating-point semantics. The manifest lists folders, so it is read again each time.
SWIFT_FLAGS := -c release -Xcc -march=native --manifest-cache none
# Tests look at public and package declarations only: without testability the program is not built a second time for them.
TEST_FLAGS := $(SWIFT_FLAGS) --disable-testable-imports
PLANAR := .build/release/planar
HEADLESS ?=
PREFIX ?= /usr/local
KILLS ?= 1000
MUTATIONS ?= 100000
FUZZ_SECONDS ?= 600
DESTDIR ?=
SHARE := $(DESTDIR)$(PREFIX)/share/planar

# What swift-format looks after.
SOURCES := Sources Tests Demos Package.swift

.PHONY: demo demos test torture mutate fuzz-readers sanitize lint format build install docs pages film checkpoints minilm bench clean \
  toolchain packages test-packages

demo: build
	@$(PLANAR) demo $(if $(HEADLESS),--headless)

# Compiler warnings are errors in the manifest, so that the build of the tests checks them too.
test: lint packages test-packages
	@swift test $(TEST_FLAGS)

# Each sanitizer has a build folder of its own. Leaks are not looked for: the testing library keeps its own suites until the
# end, which would fail every run.
sanitize: packages test-packages
	@for sanitizer in address thread; do \
	  ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS="suppressions=$(CURDIR)/Tests/thread-sanitizer.txt" swift test $(TEST_FLAGS) --sanitize $$sanitizer --scratch-path .build-$$sanitizer || exit 1; done

torture: toolchain packages test-packages
	@PLANAR_KILLS=$(KILLS) swift test $(TEST_FLAGS) --filter TortureTests

mutate: toolchain packages test-packages
	@PLANAR_MUTATIONS=$(MUTATIONS) swift test $(TEST_FLAGS) --filter MutationTests

# What was reached stays in .build-fuzz, and is gone on from; what fails lies beside it.
fuzz-readers: toolchain packages
	@PLANAR_FUZZING=1 swift build $(SWIFT_FLAGS) -Xswiftc -sanitize=fuzzer --product FuzzReaders --scratch-path .build-fuzz
	@swiftc -sanitize=fuzzer -use-ld=lld -o .build-fuzz/fuzz-readers .build-fuzz/release/libFuzzReaders.a $$(pkg-config --libs cairo)
	@for reader in tensors json png commands; do mkdir -p .build-fuzz/reached/$$reader; \
	  PLANAR_READER=$$reader .build-fuzz/fuzz-readers .build-fuzz/reached/$$reader Tests/ReaderFuzzing/Corpus/$$reader \
	  -max_total_time=$(FUZZ_SECONDS) -max_len=65536 -timeout=60 -malloc_limit_mb=300 -artifact_prefix=.build-fuzz/$$reader- || exit 1; done

lint: toolchain
	@swift format lint --strict --parallel --recursive $(SOURCES)

format: toolchain
	@swift format --in-place --parallel --recursive $(SOURCES)

build: toolchain packages
	@swift build $(SWIFT_FLAGS) --product planar

install: build
	@install -d "$(DESTDIR)$(PREFIX)/bin" "$(SHARE)/Assets"
	@install -m 755 $(PLANAR) "$(DESTDIR)$(PREFIX)/bin/planar"
	@cp -R Environments "$(SHARE)/"
	@cp -R Assets/checkpoints Assets/recipes Assets/wordings "$(SHARE)/Assets/"
	@echo "Installed $(DESTDIR)$(PREFIX)/bin/planar and its files in $(SHARE)."

docs: toolchain packages
	@swift build $(SWIFT_FLAGS) --target Planar
	@sh Assets/make-docs.sh .build/release .build/docs
	@echo "The site is in .build/docs; serve the folder, for instance with 'python3 -m http.server -d .build/docs',"
	@echo "and open http://localhost:8000/documentation/planar."

pages: packages
	@PLANAR_WRITE_PAGES=1 swift test $(TEST_FLAGS) --filter SpecificationPageTests

# Needs ffmpeg.
film: build
	@$(PLANAR) demo --tour --headless --film .build/tour.mp4 --overwrite
	@ffmpeg -v error -y -i .build/tour.mp4 -vf "fps=5,scale=420:-1,split[a][b];[a]palettegen=64[p];[b][p]paletteuse=dither=none" \
	  Assets/pictures/tour.gif

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
	@sh Assets/install-packages.sh "test the window without a display" xvfb xauth xdotool libgl1-mesa-dri
