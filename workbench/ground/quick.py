"""Imported first by entry points: spares them the second that an optional check would cost.

jsonschema offers to check IRIs through rfc3987_syntax, which compiles 35 grammars on import.
Nothing here has an IRI.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
