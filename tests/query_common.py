import sys
from contextlib import contextmanager
from unittest.mock import patch

from odoo.sql_db import Cursor


class QueryCommon:
    """What code of some parts of this addon asks the database, and not code of Odoo it calls."""

    counted = ()  # names of modules, or how they begin
    read_by_odoo = ()  # words of statements that whoever comes first has to ask

    @contextmanager
    def _queries_of_types(self):
        """:return: a list that fills with statements, and where they are asked for"""
        statements = []
        execute = Cursor.execute

        def execute_and_look(cursor, query, *args, **kwargs):
            if place := self._find_place(sys._getframe(1), str(query)):
                statements.append(f"{place}: {str(query)[:300]}")
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", execute_and_look):
            yield statements

    def _count_all(self, visit):
        """:return: how many statements a visit takes, of whoever asks, once caches are warm"""
        for _time in range(2):
            visit()
        count = 0
        execute = Cursor.execute

        def execute_and_count(cursor, *args, **kwargs):
            nonlocal count
            count += 1
            return execute(cursor, *args, **kwargs)

        with patch.object(Cursor, "execute", execute_and_count):
            visit()
        return count

    def _find_place(self, frame, query):
        """:return: the code for which a statement is asked, where it is counted"""
        while frame and not frame.f_globals.get("__name__", "").startswith("odoo.addons."):
            frame = frame.f_back
        module = frame.f_globals["__name__"] if frame else ""
        if module.startswith(self.counted) and not any(w in query for w in self.read_by_odoo):
            return f"{module}:{frame.f_lineno} {frame.f_code.co_name}"
        return None

    def _count(self, visit):
        """:return: the statements of a visit, once caches are warm"""
        visit()
        with self._queries_of_types() as statements:
            visit()
        return statements
