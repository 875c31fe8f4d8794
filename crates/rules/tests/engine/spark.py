"""Answers SQL on Spark, on this machine alone, by the same rules as the program for DuckDB."""

import json
import sys
import tempfile

from pyspark.sql import SparkSession

# Its tables would outlast the test otherwise, beside the source.
tables = tempfile.TemporaryDirectory()
spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.sql.warehouse.dir", tables.name)
    .config("spark.ui.showConsoleProgress", "false")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "1")
    .config("spark.sql.codegen.wholeStage", "false")
    .config("spark.sql.session.timeZone", "Asia/Shanghai")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")


def cell(value):
    return value if value is None or isinstance(value, bool) else str(value)


for line in sys.stdin:
    answers = []
    for query in json.loads(line):
        try:
            answers.append({"rows": [[cell(value) for value in row] for row in spark.sql(query).collect()]})
        except Exception as fault:
            answers.append({"fault": str(fault)})
    print(json.dumps(answers), flush=True)
