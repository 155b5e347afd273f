"""What changes and differences between test scores can say, given their errors; `docs/growth.md` has the formulas.

Pure arithmetic on values and standard errors of one scale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

#: The studentized range q at 95 % for 2 to 10 values with known errors (infinite degrees of freedom): H. L. Harter,
#: "Tables of Range and Studentized Range", Annals of Mathematical Statistics 31 (1960). A test works them out anew.
STUDENTIZED_RANGE = {2: 2.772, 3: 3.314, 4: 3.633, 5: 3.858, 6: 4.030, 7: 4.170, 8: 4.286, 9: 4.387, 10: 4.474}


def apart(values: Sequence[tuple[float, float | None]]) -> bool:
    """Whether the highest and the lowest of some (value, standard error) differ by more than chance alone makes them.

    The highest and the lowest were picked because they are that, so what holds for two given scores is too little: the
    difference must be beyond q · √((error² + error²) / 2), Tukey's range as Kramer has it for unlike errors. False for
    fewer than two values, more than ten, or where either has no error.
    """
    q = STUDENTIZED_RANGE.get(len(values))
    if q is None:
        return False
    (high, one), (low, other) = max(values, key=_value), min(values, key=_value)
    return bool(one and other) and high - low > q * math.hypot(one or 0.0, other or 0.0) / math.sqrt(2)


def _value(known: tuple[float, float | None]) -> float:
    return known[0]
