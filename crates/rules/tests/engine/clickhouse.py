"""Answers SQL on ClickHouse, in process, by the same rules as the program for DuckDB."""

import json
import sys

from chdb.session import Session

session = Session()
for line in sys.stdin:
    answers = []
    for query in json.loads(line):
        try:
            data = session.query(query, "JSONCompact").bytes()
            answers.append({"rows": json.loads(data)["data"] if data else []})
        except Exception as fault:
            answers.append({"fault": str(fault)})
    print(json.dumps(answers), flush=True)
