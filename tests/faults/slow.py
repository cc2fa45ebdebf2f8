"""The command line with a database that takes its time over some statements, as a great one or a worn disk does.

`SLOW_TABLE` names the table whose readings wait, `SLOW_SECONDS` how long. The waiting is a statement of its own, made
of many short naps, so that an interruption is felt as it is by a long scan.
"""

import os
import re
import sqlite3
import time
from typing import Any

import sqlalchemy as sa

from app import cli

_NAP = 0.05
_NAPS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT sum(nap()) FROM n"


def slow_down(table: str, seconds: float) -> None:
    reads = re.compile(rf"\s*(WITH|SELECT)\b.*\bFROM {table}\b", re.DOTALL)

    def teach(connection: Any, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.create_function("nap", 0, lambda: time.sleep(_NAP))

    def wait(cursor: Any, statement: str, _parameters: object, _context: object) -> None:
        if not reads.match(statement):
            return
        if isinstance(cursor, sqlite3.Cursor):
            cursor.execute(_NAPS, (int(seconds / _NAP),))
        else:
            cursor.execute("SELECT pg_sleep(%s)", (seconds,))
        cursor.fetchall()

    sa.event.listen(sa.Engine, "connect", teach)
    sa.event.listen(sa.Engine, "do_execute", wait)


if __name__ == "__main__":
    slow_down(os.environ["SLOW_TABLE"], float(os.environ["SLOW_SECONDS"]))
    cli.main()
