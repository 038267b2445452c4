"""Checks of the addon's files. Each returns its findings as lines ``file:line: what``."""
