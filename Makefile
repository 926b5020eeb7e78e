# The two commands are `make run` and `make test`; `make help` lists the rest.
# Python finds the project by its folder: every recipe runs in it.

VENV_PY = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help install run production upgrade offices backup-offices try-production test test-fast prove-tests lint reset lock guide bench bench-public bench-cold bench-rush bench-growth bench-pictures bench-editor bench-desk bench-steps bench-push bench-scanner bench-authenticity bench-start bench-servers bench-idle bench-due bench-offices bench-proof judge chaos machines abuse walk lighthouse races faults pythons licences audit sbom test-newest

help: ## Lists the commands
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/make \1|\2/' | column -t -s '|' 2>/dev/null \
	|| grep -E '^[a-z-]+:.*## ' Makefile

install: ## Makes .venv with all that running, testing and linting need
	@py=$$(.ci/python) && $$py -m kecamatan_site.install requirements-dev.lock

run: ## Starts the demo: web server and worker (PORT=8000 HOST=127.0.0.1)
	@py=$$(.ci/python) && exec $$py -m kecamatan_site.run

test: install ## Runs every test, on SQLite and on PostgreSQL (ARGS="tests/news -x")
	@$(VENV_PY) -m tests.run $(ARGS)

test-fast: install ## Runs what needs neither browser nor other programs, and little of the database, on SQLite (90 seconds)
	@$(VENV_PY) -m tests.run --fast $(ARGS)

prove-tests: install ## Takes away each guard, trigger and check in turn and shows which test turns red (ARGS="trigger I9:")
	@$(VENV_PY) -m tests.support.proof $(ARGS)

lint: install ## Checks style, templates, import directions, migrations and production settings
	@.ci/lint

# A recipe that begins with + runs under make --dry-run too, which these hand on.
DRY_RUN = $(if $(findstring n,$(firstword -$(MAKEFLAGS))),--dry-run)
production: ## Makes this Debian 12 run the site (sudo; DOMAIN=name TLS=certbot, given or self-signed; OFFICE=name beside others; --dry-run looks)
	+@py=$$(.ci/python) && exec $$py -m kecamatan_site.production install $(DRY_RUN)

upgrade: ## Brings it to a newer version, and back where that fails (sudo; VERSION=tag; --dry-run looks)
	+@py=$$(.ci/python) && exec $$py -m kecamatan_site.production upgrade $(DRY_RUN)

offices: ## Says how each office on this machine is (sudo; ends with 1 where one is broken)
	+@py=$$(.ci/python) && exec $$py -m kecamatan_site.production watch

backup-offices: ## Backs each of them up, one after the other (sudo; --dry-run names them)
	+@py=$$(.ci/python) && exec $$py -m kecamatan_site.production backup $(DRY_RUN)

try-production: install ## Walks both in bare Debians made for it by debootstrap, also by hand, and from 0.1.0 (root; ports 80, 443, 5432 and 8001 free; 30 minutes of a processor; ARGS="--base DIR --walk upgrade")
	@$(VENV_PY) -m tests.load.production $(ARGS)

reset: ## Deletes the demo's data in var/ (FORCE=1 does not ask)
	@if [ "$(FORCE)" != 1 ]; then \
		printf 'Delete var/ with the database and all files? [y/N] '; \
		read -r answer || answer=; \
		[ "$$answer" = y ] || { echo 'Nothing was deleted.'; exit 1; }; \
	fi; \
	rm -rf var && echo 'var/ was deleted.'

AGAINST_OLDER = $(if $(AGAINST),--against $(AGAINST))
bench: install ## Measures speed and weight, also against an older checkout, and ends with all figures as JSON (AGAINST=../older ARGS="--quick --only start,idle")
	@$(VENV_PY) -m tests.bench $(AGAINST_OLDER) $(ARGS)

bench-public: install ## Measures the public site with 1,000, 20,000 and 100,000 items (ARGS="--sizes 200,1000")
	@$(VENV_PY) -m tests.bench.public.site $(ARGS)

bench-cold: install ## Measures public pages that reach Python, with 20,000 items, also against an older checkout (AGAINST=../older)
	@$(VENV_PY) -m tests.bench.public.cold $(AGAINST_OLDER) $(ARGS)

bench-rush: install ## Lets 2,000 phones open one article in a minute while four people work at the desk (ARGS="--quick")
	@$(VENV_PY) -m tests.bench.public.rush $(ARGS)

bench-growth: install ## Measures what pages, screens and the proof cost with 1,000 and with 100,000 items (ARGS="--quick")
	@$(VENV_PY) -m tests.bench.growth $(ARGS)

bench-pictures: install ## Measures the picture files of one noisy photo, also against an older checkout (AGAINST=../older)
	@$(VENV_PY) -m tests.bench.pictures $(AGAINST_OLDER) $(ARGS)

bench-editor: install ## Measures opening Wagtail's editor, an autosave and an upload, also against an older checkout (AGAINST=../older)
	@$(VENV_PY) -m tests.bench.desk.editor $(AGAINST_OLDER) $(ARGS)

bench-desk: install ## Measures the queue and the admin's home with 50 and with 5,000 open items, also against an older checkout (AGAINST=../older)
	@$(VENV_PY) -m tests.bench.desk.screens $(AGAINST_OLDER) $(ARGS)

bench-steps: install ## Measures the nine steps of the SOP, also against an older checkout (AGAINST=../older)
	@$(VENV_PY) -m tests.bench.desk.steps $(AGAINST_OLDER) $(ARGS)

bench-push: install ## Measures how fast 1,000 due posts leave, against the network's own pace
	@$(VENV_PY) -m tests.bench.push

bench-scanner: install ## Measures how fast personal data is looked for (ARGS="--against ../older")
	@$(VENV_PY) -m tests.bench.scanner $(ARGS)

bench-authenticity: install ## Measures what a question to "Asli atau hoaks?" costs, also against an older checkout (AGAINST=../older)
	@$(VENV_PY) -m tests.bench.authenticity $(AGAINST_OLDER) $(ARGS)

bench-start: install ## Measures what a start of Django costs, also against an older checkout (AGAINST=../older)
	@$(VENV_PY) -m tests.bench.start $(AGAINST_OLDER) $(ARGS)

bench-servers: install ## Compares gunicorn with granian on our pages: processor, memory, what a reload costs readers (ARGS="--rounds 2")
	@$(VENV_PY) -m tests.bench.servers $(ARGS)

bench-idle: install ## Measures statements, processor time and memory of a site that nobody asks (AGAINST=../older)
	@$(VENV_PY) -m tests.bench.idle $(AGAINST_OLDER) $(ARGS)

bench-due: install ## Measures what 500 items ordered for one minute cost, three of them broken (ARGS="--items 100")
	@$(VENV_PY) -m tests.bench.desk.due $(ARGS)

bench-offices: install ## Measures what 1, 3 and 17 offices on one machine need together (ARGS="--offices 1,3")
	@$(VENV_PY) -m tests.load.many.offices $(ARGS)

bench-proof: install ## Measures the proof of 10,000 live items: statements, and how long it holds a lock (ARGS="--items 1000")
	@$(VENV_PY) -m tests.bench.desk.proof $(ARGS)

judge: install ## Judges photos, personal data in prose and files, the search, and what is pasted and shown; prints the misses (ARGS="--cases DIR")
	@$(VENV_PY) -m tests.bench.judge $(ARGS)

guide: install ## Takes the pictures of guide and documents anew from the demo (port 8000 free; ARGS="--data DIR --only penyunting")
	@$(VENV_PY) -m tests.kecamatan_site.guide.pictures $(ARGS)

walk: install ## Walks the whole SOP on an empty site in a browser, at 360 and 1280 px, and counts clicks (ARGS="--width 360")
	@$(VENV_PY) -m tests.e2e.walk $(ARGS)

lighthouse: install ## Asks Lighthouse for its scores on a telephone: front page, list, article (ARGS="--runs 5")
	@$(VENV_PY) -m tests.bench.public.lighthouse $(ARGS)

ROUNDS ?= 200
DB ?= both
chaos: install ## Kills workers and web processes in the middle of their work, counts what is lost and doubled (ROUNDS=200 DB=both)
	@$(VENV_PY) -m tests.load.killed.chaos --rounds $(ROUNDS) --database $(DB)

machines: install ## Publishes on two machines with one PostgreSQL under load, kills a worker and a web process (ARGS="--items 30 --media s3")
	@$(VENV_PY) -m tests.load.many.machines $(ARGS)

abuse: install ## Asks for the worst that is allowed beside readers and prints what they lose (ARGS="--kinds search --seconds 20")
	@$(VENV_PY) -m tests.load.abuse $(ARGS)

races: install ## Lets people act on one item at the same instant, in every combination, on both databases (ARGS="--rounds 3")
	@$(VENV_PY) -m tests.load.races $(ARGS)

faults: install ## Full disk, read-only and restarted database, wrong clock, two of each timer, 20 editors beside 3 approvers (root; ARGS="--parts disk --seconds 20")
	@$(VENV_PY) -m tests.load.faults $(ARGS)

pythons: install ## Starts the product in a bare environment of every Python that is admitted; one that is not here fails
	@$(VENV_PY) -m tests.kecamatan_site.supply.pythons

licences: install ## Writes docs/licences.md anew
	@$(VENV_PY) -m tests.kecamatan_site.supply.licences

audit: install ## Asks for advisories about the packages of the locks; fails where it cannot (ARGS="--url ADDRESS")
	@$(VENV_PY) -m tests.kecamatan_site.supply.audit $(ARGS)

sbom: install ## Writes the bill of materials (CycloneDX) to sbom.cdx.json (ARGS="FILE")
	@$(VENV_PY) -m tests.kecamatan_site.supply.sbom $(ARGS)

test-newest: install ## Runs the suite on the newest versions that are allowed (ARGS="--with wagtail==8.1rc1 --fast")
	@$(VENV_PY) -m tests.kecamatan_site.supply.newest $(ARGS)

lock: ## Renews the lock files from pyproject.toml (needs uv)
	@set -e; for out in requirements.lock requirements-dev.lock requirements-supply.lock; do \
		from=pyproject.toml; \
		case $$out in \
		requirements-dev.lock) from='pyproject.toml --group dev --constraint requirements.lock';; \
		requirements-supply.lock) from='--group supply';; \
		esac; \
		{ echo '# Made by make lock from pyproject.toml; not edited by hand.'; \
		  uv pip compile $$from --universal --python-version 3.11 --generate-hashes \
		    --no-header --no-annotate --no-emit-index-url --quiet; } > $$out.new; \
		mv $$out.new $$out; \
	done
