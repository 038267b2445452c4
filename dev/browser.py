"""The programs that Odoo needs besides Python's: a browser for tours, a printer of PDFs."""

import shutil

from . import apt
from .console import Failure, say

BROWSERS = ["google-chrome", "chromium", "chromium-browser", "google-chrome-stable"]
PRINTER = "wkhtmltopdf"


def has_browser():
    return any(shutil.which(name) for name in BROWSERS)


def has_printer():
    return bool(shutil.which(PRINTER))


def require_browser():
    """Make sure there is a browser for the tours.

    :raise Failure: when there is none and we may not install one
    """
    if has_browser():
        return
    apt.install(["chromium"])
    if not has_browser():
        raise Failure(
            "the tests need a browser: Chromium or Chrome.",
            "Install one and run the same command again:\n\n    sudo apt install chromium",
        )


def want_all():
    """Install browser and PDF printer if we may; else say what is missing, and go on.

    The demo works without them, but for a few buttons.
    """
    missing = [] if has_browser() else ["chromium"]
    missing += [] if has_printer() else [PRINTER]
    if missing and not apt.install(missing):
        say(f"  Missing on this machine: {', '.join(missing)}. To install:")
        say(f"      sudo apt install {' '.join(missing)}")
        if PRINTER in missing:
            say("  Without wkhtmltopdf an order cannot be confirmed by paying or signing online.")
