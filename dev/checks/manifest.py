"""The manifest: version, change log, and that it names the files there are."""

import re
from pathlib import Path

VERSION = re.compile(r"19\.0\.\d+\.\d+\.\d+")
# Folders whose XML and CSV files Odoo loads only when the manifest names them.
DATA_FOLDERS = ("data", "demo", "report", "reports", "security", "views", "wizard", "wizards")


def check(root, manifest, addon):
    """Check the manifest against the files.

    :param Path root: of the addon
    :param dict manifest: its manifest
    :param str addon: its name
    :return: findings
    :rtype: list[str]
    """
    return [
        f"__manifest__.py: {finding}"
        for finding in (
            *_check_version(root, manifest.get("version", "")),
            *_check_data(root, manifest),
            *_check_assets(root, manifest.get("assets", {}), addon),
        )
    ]


def _check_version(root, version):
    if not VERSION.fullmatch(version):
        yield f"version {version} is not of the form 19.0.x.y.z"
    changes = root / "CHANGELOG.md"
    if not changes.exists():
        yield "there is no CHANGELOG.md"
    elif not re.search(
        rf"^#+ .*(?<![\d.]){re.escape(version)}(?![\d.])", changes.read_text(), re.MULTILINE
    ):
        yield f"CHANGELOG.md has no heading for version {version}"


def _check_data(root, manifest):
    named = manifest.get("data", []) + manifest.get("demo", [])
    for name in named:
        if not (root / name).is_file():
            yield f"there is no {name}"
    for folder in DATA_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = str(path.relative_to(root))
            if path.suffix in (".xml", ".csv") and name not in named:
                yield f"{name} is not listed"
    for name in manifest.get("images", []):
        if not (root / name).is_file():
            yield f"there is no {name}"


def _check_assets(root, bundles, addon):
    for bundle, entries in bundles.items():
        for entry in entries:
            pattern = entry if isinstance(entry, str) else entry[-1]
            module, _slash, rest = pattern.lstrip("/").partition("/")
            if module == addon and not any(Path(root).glob(rest)):
                yield f"{pattern} of {bundle} matches no file"
