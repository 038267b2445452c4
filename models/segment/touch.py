"""Rows in which two transactions meet."""

from odoo.tools import SQL


def touch(records):
    """Change rows without changing them, so that two transactions that do this collide.

    The second one is replayed, and sees what the first has done. A lock alone would let it go on
    with what it read before.

    :param records: of a model that keeps when its rows were written
    """
    if records:
        records.env.execute_query(
            SQL(
                "UPDATE %s SET write_date = write_date WHERE id IN %s RETURNING id",
                SQL.identifier(records._table),
                tuple(records.ids),
            )
        )
