# CriGuard: the commands of this repository. `make` lists them.
SHELL := /bin/sh
CONFIGURATION := Release
TESTS := tests/*.Tests tests/*.EndToEnd
BUILD := dotnet build CriGuard.sln -c $(CONFIGURATION) -v quiet --nologo
PUBLISH := dotnet publish src/CriGuard -c $(CONFIGURATION) -o bin -v quiet --nologo

.DEFAULT_GOAL := help
.PHONY: help build deb packages demo test test-node check bench golden threats fuzz clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## one self-contained file: bin/criguard
	@$(PUBLISH)
	@ls -l bin/criguard

deb: build ## a Debian package of it: artifacts/criguard_VERSION_amd64.deb
	@build/deb artifacts

packages: ## Debian packages that the demo, the tests and the load run need (root)
	@build/packages

demo: packages build ## pods through CriGuard on a private containerd, each proven from /proc (root)
	@dotnet run --project demo/CriGuard.Demo -c $(CONFIGURATION) -v quiet

test: packages build ## every test but those of test-node, those on real containerd included (root)
	@$(BUILD)
	@build/test $(CONFIGURATION) $(TESTS)

test-node: build ## modules and AppArmor on a whole Debian node in an emulator, before and after (root)
	@build/packages --node
	@dotnet build tests/CriGuard.Node -c $(CONFIGURATION) -v quiet --nologo
	@build/test $(CONFIGURATION) tests/CriGuard.Node

check: packages build ## what CI runs: a short run of every fuzz target, then the tests, test-node among them
	@build/packages --node
	@dotnet run --project tests/CriGuard.Fuzz -c $(CONFIGURATION) -v quiet -- --all --runs 20000
	@$(BUILD)
	@build/test $(CONFIGURATION) $(TESTS) tests/CriGuard.Node

bench: packages build ## time, CPU and memory, straight and through CriGuard in one run (root)
	@dotnet run --project benchmarks/CriGuard.Load -c $(CONFIGURATION) -v quiet
	@dotnet run --project benchmarks/CriGuard.Benchmarks -c $(CONFIGURATION) -v quiet -- --filter '*' --artifacts artifacts/benchmarks

golden: build ## write the expected verdicts of tests/golden anew
	@bin/criguard policy test tests/golden --update

threats: ## write tests/THREATS.md anew from tests/threats.txt and the names of tests
	@CRIGUARD_UPDATE=1 dotnet test tests/CriGuard.Tests -c $(CONFIGURATION) -v quiet --nologo --filter ThreatTable

fuzz: ## every fuzz target, long
	@dotnet run --project tests/CriGuard.Fuzz -c $(CONFIGURATION) -v quiet -- --all --runs 2000000

clean: ## remove what the build made
	@rm -rf bin artifacts
	@find src tests benchmarks demo -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
