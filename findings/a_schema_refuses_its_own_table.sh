#!/usr/bin/env bash
# A schema that pandera infers from a table refuses that very table.
#
# Versions: pandera 0.35.0, pandas 3.1.1
# One would guess: infer_schema(table).validate(table) passes, whatever the table.
# What happens: pandas 3 has dates in microseconds; pandera infers nanoseconds, and its schema converts. Other dates
# change their type on the way through; 9999-12-31, which rosters write for "no end", fits no nanoseconds and is
# refused. The same holds for pandera.DateTime with coerce=True; without it the column passes as it is.
# Output seen:
#     table: datetime64[us], schema: datetime64[ns]
#     inferred: SchemaErrors
#     coerce=True: SchemaErrors
#     coerce=False: datetime64[us]
set -euo pipefail
sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv --without-pip "$work/venv"
python3 -m pip --python "$work/venv" install --quiet --no-compile --disable-pip-version-check \
    pandera==0.35.0 pandas==3.1.1
"$work/venv/bin/python" - <<'END'
import pandas as pd
import pandera.pandas as pa

table = pd.DataFrame({"end": pd.to_datetime(["2026-06-12", "9999-12-31"])})
inferred = pa.infer_schema(table)


def outcome(schema):
    try:
        return str(schema.validate(table)["end"].dtype)
    except pa.errors.SchemaErrors as error:
        assert "DATATYPE_COERCION" in str(error), error
        return "SchemaErrors"


types = str(table["end"].dtype), str(inferred.columns["end"].dtype)
got = (outcome(inferred), outcome(pa.DataFrameSchema({"end": pa.Column(pa.DateTime, coerce=True)})),
       outcome(pa.DataFrameSchema({"end": pa.Column(pa.DateTime)})))
print(f"table: {types[0]}, schema: {types[1]}")
print(f"inferred: {got[0]}\ncoerce=True: {got[1]}\ncoerce=False: {got[2]}")
assert types == ("datetime64[us]", "datetime64[ns]"), types
assert got == ("SchemaErrors", "SchemaErrors", "datetime64[us]"), got
END
echo "As recorded."
