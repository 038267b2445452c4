"""XML: well-formed, every id once outside demo data, nothing that Odoo 19 no longer knows."""

import xml.parsers.expat
from pathlib import Path

DEPRECATED_TAGS = {"tree": "<list>", "act_window": "<record>", "report": "<record>"}
DEPRECATED_ATTRIBUTES = {
    "attrs": "invisible=, readonly= or required= with an expression",
    "states": "invisible= with an expression",
    "t-raw": "t-out",
    "t-esc": "t-out",
}
WITH_ID = {"record", "template", "menuitem"}


def check(root, files):
    """Check XML files.

    :param Path root: of the addon
    :param files: paths of the files
    :return: findings
    :rtype: list[str]
    """
    findings, seen = [], {}
    for path in files:
        name = path.relative_to(root)
        try:
            elements = list(_elements(path))
        except xml.parsers.expat.ExpatError as error:
            findings.append(f"{name}:{error.lineno}: not well-formed: {error}")
            continue
        for line, tag, attributes in elements:
            place = f"{name}:{line}"
            if tag in DEPRECATED_TAGS:
                findings.append(f"{place}: <{tag}> is gone, use {DEPRECATED_TAGS[tag]}")
            findings += [
                f"{place}: {attribute} is gone, use {instead}"
                for attribute, instead in DEPRECATED_ATTRIBUTES.items()
                if attribute in attributes
            ]
            # Demo data may come back to a record to complete it.
            if tag in WITH_ID and "id" in attributes and name.parts[0] not in ("demo", "static"):
                xml_id = attributes["id"]
                if xml_id in seen:
                    findings.append(f"{place}: id {xml_id} is already used in {seen[xml_id]}")
                seen[xml_id] = place
    return findings


def _elements(path):
    """The elements of a file: line, tag, attributes."""
    elements = []
    parser = xml.parsers.expat.ParserCreate()

    def start(tag, attributes):
        elements.append((parser.CurrentLineNumber, tag, attributes))

    parser.StartElementHandler = start
    parser.Parse(Path(path).read_bytes(), True)
    return elements
