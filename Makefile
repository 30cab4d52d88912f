# Names for what scripts/ does. Every target installs what it lacks (scripts/setup).

PREFIX ?= /usr/local
DESTDIR ?=
FUZZ_SECONDS ?= 60

.DEFAULT_GOAL := build
.PHONY: help build image demo test e2e lint format bench fuzz install clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

build: ## build kubectl-netviz and its collector for release (the default)
	scripts/build

image: ## write the image of the collectors' pods as an archive, without a container engine
	scripts/image

demo: build ## who talked to whom in the recorded two-node cluster
	scripts/demo

test: ## every test but e2e, then some seconds of fuzzing per parser
	scripts/test

e2e: ## tests against a real Kubernetes cluster, made here or named by NETVIZ_E2E_KUBECONFIG; as root
	scripts/e2e

lint: ## format, imports against the module map, file lengths, shell scripts
	scripts/lint

format: ## format every Swift file in place
	swift format --in-place --parallel --recursive Sources Tests Package.swift

bench: ## measure against floors and limits; fails when a limit is missed
	scripts/bench

fuzz: ## fuzz each parser for FUZZ_SECONDS (60)
	scripts/fuzz $(FUZZ_SECONDS)

install: build ## install into DESTDIR and PREFIX (/usr/local)
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 .build/release/kubectl-netviz $(DESTDIR)$(PREFIX)/bin/kubectl-netviz
	install -m 755 .build/release/netviz-collector $(DESTDIR)$(PREFIX)/bin/netviz-collector

clean: ## remove what was built
	rm -rf .build .build-fuzz
