"""Answers SQL on DuckDB. A line on stdin is a JSON list of queries; a line on stdout is the list of their answers.

An answer is {"rows": [[cell, ...], ...]} or {"fault": text}. A cell is null, true, false or text; whole numbers are text.
"""

import json
import sys

try:
    import duckdb
except ImportError:
    sys.exit(9)


def cell(value):
    return value if value is None or isinstance(value, bool) else str(value)


def answer(connection, query):
    try:
        rows = connection.execute(query).fetchall()
    except duckdb.Error as fault:
        return {"fault": str(fault)}
    return {"rows": [[cell(value) for value in row] for row in rows]}


connection = duckdb.connect(":memory:", config={"threads": 1, "enable_external_access": "false"})
for line in sys.stdin:
    answers = [answer(connection, query) for query in json.loads(line)]
    print(json.dumps(answers), flush=True)
