"""Translations: compare and merge. Runs in the virtual environment, for polib:

``python -m dev.po_files check NEW.pot`` or ``python -m dev.po_files merge NEW.pot``.
"""

import re
import sys
from datetime import datetime, timezone

import polib

from dev import paths

FOLDER = paths.ROOT / "i18n"
TEMPLATE = FOLDER / f"{paths.ADDON}.pot"
LANGUAGES = ("de", "es", "fr")
_PLACEHOLDER = re.compile(r"%\(\w+\)[.\d]*[sdf]|%[sd]|\$\{\w+\}|\{\w*\}")
_TAG = re.compile(r"</?[a-z][a-z0-9]*\b")


def check(new):
    """Whether template and translations are complete and up to date.

    :param polib.POFile new: what an export of the addon gives now
    :return: findings
    :rtype: list[str]
    """
    wanted = {_key(entry) for entry in new}
    findings = []
    if not TEMPLATE.exists():
        return [f"i18n/{TEMPLATE.name} is missing"]
    findings += _differences(TEMPLATE.name, wanted, polib.pofile(str(TEMPLATE)))
    for language in LANGUAGES:
        path = FOLDER / f"{language}.po"
        if not path.exists():
            findings.append(f"i18n/{path.name} is missing")
            continue
        entries = polib.pofile(str(path))
        findings += _differences(path.name, wanted, entries)
        for entry in entries:
            findings += [
                f"i18n/{path.name}:{entry.linenum}: {finding}: {entry.msgid[:60]!r}"
                for finding in entry_findings(entry)
                if not entry.obsolete
            ]
    return findings


def entry_findings(entry):
    """What is wrong with one translation.

    :param polib.POEntry entry: the translation
    :rtype: list[str]
    """
    if not entry.msgstr:
        return ["not translated"]
    findings = ["not reviewed (fuzzy)"] if entry.fuzzy else []
    for what, pattern in (("placeholders", _PLACEHOLDER), ("tags", _TAG)):
        if sorted(pattern.findall(entry.msgid)) != sorted(pattern.findall(entry.msgstr)):
            findings.append(f"other {what} than the English text")
    return findings


def merge(new):
    """Write the template and bring the translations in line with it.

    :param polib.POFile new: what an export of the addon gives now
    :return: one line per file
    :rtype: list[str]
    """
    FOLDER.mkdir(exist_ok=True)
    lines = []
    old = polib.pofile(str(TEMPLATE)) if TEMPLATE.exists() else None
    if old is None or [_content(entry) for entry in old] != [_content(entry) for entry in new]:
        new.save(str(TEMPLATE))
    lines.append(f"i18n/{TEMPLATE.name}: {len(new)} texts")
    for language in LANGUAGES:
        path = FOLDER / f"{language}.po"
        entries = polib.pofile(str(path)) if path.exists() else _empty(new, language)
        entries.merge(new)
        for entry in entries.obsolete_entries():
            entries.remove(entry)
        entries.save(str(path))
        open_ones = sum(bool(entry_findings(entry)) for entry in entries)
        lines.append(f"i18n/{path.name}: {open_ones} to translate or review")
    return lines


def _key(entry):
    return entry.msgctxt, entry.msgid


def _content(entry):
    return entry.msgid, entry.comment, sorted(entry.occurrences)


def _differences(name, wanted, entries):
    have = {_key(entry) for entry in entries if not entry.obsolete}
    for word, keys in (("lacks", wanted - have), ("still has", have - wanted)):
        for _context, text in sorted(keys, key=str):
            yield f"i18n/{name}: {word} {text[:70]!r}; run make pot"


def _empty(new, language):
    entries = polib.POFile(wrapwidth=78)
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M+0000")
    entries.metadata = {**new.metadata, "Language": language, "PO-Revision-Date": now}
    return entries


if __name__ == "__main__":
    action, exported = sys.argv[1:]
    template = polib.pofile(exported)
    if action == "merge":
        print("\n".join(merge(template)))
    else:
        found = check(template)
        print("\n".join(found))
        sys.exit(bool(found))
