"""Runs, tests and checks the addon: ``python3 -m dev <command>``, used by the Makefile.

Only the standard library is needed here; what Odoo needs goes into ``.odoo/``.
"""
