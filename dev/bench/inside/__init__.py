"""Runs in the shell of Odoo, on a database of a benchmark."""
