# make        skapar miljön, installerar och skriver delårsrapporten för augusti 2024 ur data/
# make test   kör lint, typer och tester

PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

.DEFAULT_GOAL := delar
.PHONY: delar test lint typ pytest exempel regler wordmallar prestanda natter hjul lasfil rensa

# Miljön görs om när beroendena ändras.
.venv/klar: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/utveckling: .venv/klar
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r krav-utveckling.txt
	touch $@

# Rapporten ur exempelkommunen i data/.
delar: .venv/klar
	$(BIN)/kommunrapport delar --period 2024-08

# Allt som ska vara grönt.
test: lint typ pytest

lint: .venv/utveckling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

typ: .venv/utveckling
	$(BIN)/mypy

pytest: .venv/utveckling
	$(BIN)/pytest

# Skriver exempelkommunens inlämningar på nytt.
exempel: .venv/klar
	$(BIN)/python exempel/skapa.py

# Skriver regelkatalogen docs/regler.md ur mallarna.
regler: .venv/klar
	$(BIN)/kommunrapport regler --markdown --katalog data > docs/regler.md

# Skriver sidan om Wordmallar, docs/wordmallar.md, ur mallarna.
wordmallar: .venv/klar
	$(BIN)/kommunrapport mall-granska --markdown --katalog data > docs/wordmallar.md

.venv/prestanda: .venv/klar prestanda/krav.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r prestanda/krav.txt
	touch $@

# Mäter mot vanliga vägar och skriver docs/prestanda.md. STORA=1 mäter också 2 000 inlämningar; MAPP är där kommunerna görs.
prestanda: .venv/prestanda
	$(BIN)/python -m prestanda $(MAPP) $(if $(STORA),--hogst 2000)

# Uthållighetsprov: 200 nätter av batch med slumpade fel (en halvtimme). DISK är en tom, liten disk som får fyllas.
natter: .venv/utveckling
	$(BIN)/python uthallighet/natter.py --natter 200 $(if $(DISK),--mapp $(DISK))

# Bygger hjulet som pip och pipx installerar.
hjul: .venv/utveckling
	$(BIN)/python -m build --wheel

# Skriver versionerna som är provade till constraints.txt.
lasfil: .venv/utveckling
	$(BIN)/python -m pip freeze --exclude-editable --exclude kommunrapport | sort -f > constraints.txt

rensa:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache
