# GradGUI, from a fresh checkout to the open window or the finished tests.
#
#   make run          set everything up and open the window
#   make test         set everything up, then lint and test; needs no display
#   make lint         only the checks: ruff, the import contract, mypy
#   make bench        measure the speed of the loop and of the window, and what make package has built
#   make bench-guard  measure only a few ratios, and fail if one is bad
#   make growth       measure how speed, frames and memory grow, and draw it for the documentation
#   make app          build the program as a folder that needs no Python: dist/GradGUI
#   make package      pack that: GradGUI-<version>-linux-x86_64.tar.xz with an installer, and a .deb (Linux)
#   make test-app     test what those two have built, on a virtual screen
#   make icons        make the icon's pictures from its drawing
#   make screenshots  take the guide's pictures anew (needs xvfb-run)
#   make clean        remove .venv and everything else that can be made again
#   make help         print this list
#
# Variables, given as in `make run PYTHON=python3.12`:
#
#   PYTHON       the Python to build .venv with, 3.11 or newer (default: python3)
#   TORCH_INDEX  one more package index for PyTorch. On Linux the default index gives a CUDA build of several
#                GB. GradGUI needs only the CPU build, some 200 MB: the install selector on pytorch.org (choose
#                CPU) shows the address to give here.
#   HOMEPAGE     the project's address on the web, for make package (default: none)
#
# Everything is installed in .venv, with the versions in constraints.txt; nothing outside this folder is changed.

PYTHON      ?= python3
TORCH_INDEX ?=

VENV    := .venv
BIN     := $(VENV)/bin
# Names the folder that .venv was made for, and only once everything in it is installed.
WHOLE   := $(VENV)/.made-for
RUN     := $(VENV)/.stamp-run
DEVELOP := $(VENV)/.stamp-develop
BENCH   := $(VENV)/.stamp-bench
PINS    := pyproject.toml constraints.txt

VERSION := $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' gradgui/__init__.py)
# Libraries of plugins that Qt leaves alone where the system lacks them, such as GTK's look of file dialogs.
OPTIONAL_LIBRARIES := libgtk-3|libgdk-3|libpango|libcairo|libatk|libgdk_pixbuf|libtbb|libcuda|libcupti|libnvrtc

PIP     := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
INSTALL := $(PIP) install --constraint constraints.txt

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: run test lint bench bench-guard growth app package test-app icons screenshots clean help FORCE

run: $(RUN)
	@$(BIN)/gradgui

test: lint
	@echo "pytest"
	@$(BIN)/python -m pytest

lint: $(DEVELOP)
	@echo "ruff check" && $(BIN)/ruff check --quiet .
	@echo "ruff format --check" && $(BIN)/ruff format --check --quiet .
	@echo "lint-imports" && $(BIN)/lint-imports
	@echo "mypy" && $(BIN)/mypy

bench: $(BENCH)
	@$(BIN)/python tests/benchmarks/run.py

bench-guard: $(DEVELOP)
	@$(BIN)/python tests/benchmarks/run.py --guard

growth: $(DEVELOP)
	@$(BIN)/python tests/benchmarks/run.py growth
	@$(BIN)/python docs/make_growth.py

app: $(DEVELOP)
	@$(INSTALL) --quiet pyinstaller
	@mkdir -p build
	@echo "PyInstaller (minutes)"
	@$(BIN)/pyinstaller --noconfirm --log-level WARN --distpath dist --workpath build/pyinstaller gradgui.spec 2> build/app.log \
		|| { cat build/app.log >&2; exit 1; }
	@! grep "could not resolve" build/app.log | grep -Ev "$(OPTIONAL_LIBRARIES)" \
		|| { echo "The program would lack these libraries; install them (.ci/run names the packages) and build again." >&2; exit 1; }
	@echo "dist/GradGUI: $$(du -sm dist/GradGUI | cut -f1) MB"

package: app
	@VERSION=$(VERSION) sh resources/linux/package.sh

test-app: $(DEVELOP)
	@$(BIN)/python -m pytest -m app tests/app

icons: $(DEVELOP)
	@$(BIN)/python docs/make_icons.py

screenshots: $(DEVELOP)
	@command -v xvfb-run >/dev/null || { echo "make screenshots needs xvfb-run; install it with: sudo apt install xvfb xauth" >&2; exit 1; }
	@xvfb-run --auto-servernum --server-args="-screen 0 1920x1200x24 -noreset" $(BIN)/python docs/make_screenshots.py

clean:
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

# --- The set-up. A stamp says that .venv has what its target needs; while it is newer than the two lists of
# --- packages, nothing is done. A .venv that was left half made, moved, copied, or has lost its Python is made anew.

ifneq ($(shell test -x $(BIN)/python && cat $(WHOLE) 2>/dev/null),$(CURDIR))
$(RUN) $(DEVELOP): FORCE
endif

$(RUN): $(PINS)
	$(make_venv)
	$(install_torch)
	@echo "Installing GradGUI and what it runs on ..."
	@$(INSTALL) --no-build-isolation --editable .
	$(finish)
	@touch $@

$(DEVELOP): $(PINS)
	$(make_venv)
	$(install_torch)
	@echo "Installing GradGUI, what it runs on and its tests' tools ..."
	@$(INSTALL) --no-build-isolation --editable '.[test,lint]'
	$(finish)
	@touch $(RUN) $@

$(BENCH): $(DEVELOP)
	@echo "Installing what the benchmark compares with ..."
	@$(INSTALL) --no-build-isolation --editable '.[bench]'
	@touch $@

define make_venv
@if [ "$$(cat $(WHOLE) 2>/dev/null)" = "$(CURDIR)" ] && $(BIN)/python -m pip --version >/dev/null 2>&1; then exit 0; fi; \
stop() { echo "$$1" >&2; exit 1; }; \
command -v "$(PYTHON)" >/dev/null || \
	stop "GradGUI needs Python 3.11 or newer, and there is no $(PYTHON); install it with: sudo apt install python3 python3-venv"; \
"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	stop "GradGUI needs Python 3.11 or newer; $(PYTHON) is $$("$(PYTHON)" --version 2>&1). Name a newer one, as in: make $(or $(firstword $(MAKECMDGOALS)),run) PYTHON=python3.11"; \
"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
	stop "$(PYTHON) cannot make a virtual environment; install what it lacks with: sudo apt install python3-venv"; \
echo "Making $(VENV) with $$("$(PYTHON)" --version) ..."; \
rm -rf $(VENV) && "$(PYTHON)" -m venv $(VENV)
endef

define install_torch
@rm -f $(WHOLE)
@echo "Installing PyTorch, unless it is there already (a large download: minutes) ..."
@$(INSTALL) $(if $(TORCH_INDEX),--extra-index-url "$(TORCH_INDEX)") "$$(grep "^torch==" constraints.txt)"
@$(INSTALL) hatchling editables
endef

define finish
@printf '%s\n' "$(CURDIR)" > $(WHOLE)
endef
