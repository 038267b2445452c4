# Everything lives in .odoo/ of this checkout. `make help` says what there is.
PYTHON ?= python3
DEV = $(PYTHON) -m dev

# Settings reach the commands through the environment.
export ARGS MODULES PORT HOST FRESH WHAT N ODOO_HOME

.DEFAULT_GOAL := help
.PHONY: help demo test lint pot upstream bench chaos shell clean

help:
	@echo "make demo                    run Odoo with the addon and its demo shop"
	@echo "     PORT=8069 HOST=127.0.0.1    where it listens"
	@echo "     FRESH=1                     start over with a new demo database"
	@echo "make test                    run the addon's tests"
	@echo "     ARGS=\"-k name\"              arguments for pytest"
	@echo "make lint                    check style, XML, JavaScript, manifest, translations"
	@echo "make pot                     write the translation template, merge it into fr, de, es"
	@echo "make upstream                run Odoo's own tests without and with the addon"
	@echo "     MODULES=\"sale loyalty\"      only these modules' tests"
	@echo "     FRESH=1                     do not reuse the results without the addon"
	@echo "make bench WHAT=shop|catalog|checkout|allocation|club|policy  measure speed, with and without"
	@echo "     N=20                        how many rounds; of club, how many members"
	@echo "make chaos WHAT=allocation|club  many at once, while what serves them is killed"
	@echo "make shell                   open a Python shell on the demo database"
	@echo "make clean                   stop PostgreSQL and remove .odoo"
	@echo
	@echo "For all of them:"
	@echo "     ODOO_HOME=/path/to/odoo     use this Odoo 19 instead of fetching one"
	@echo "     PYTHON=python3.12           use this Python (3.10 to 3.13)"
	@echo "     PGHOST, PGPORT, PGUSER, PGPASSWORD in the environment: use this PostgreSQL server"

demo test lint pot upstream shell clean:
	@$(DEV) $@

bench chaos:
	@$(DEV) $@ $(WHAT)
