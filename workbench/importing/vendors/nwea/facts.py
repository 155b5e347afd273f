"""Puts NWEA's facts of one chunk into an evidence frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench.importing.reading.values import Texts
from workbench.importing.records import EVIDENCE_COLUMNS

SOURCE = "nwea_map"

_NAN = float("nan")


@dataclass(slots=True, repr=False)
class Facts:
    """Facts of one aspect: `at` is the position of their row among the rows read."""

    at: npt.NDArray[np.int64]
    aspect: Texts
    value: npt.NDArray[np.float64]
    unit: str
    error: npt.NDArray[np.float64]
    percentile: npt.NDArray[np.float64]
    norms: Texts
    details: Texts


def partial_facts(
    at: npt.NDArray[np.int64],
    aspect: str,
    value: npt.NDArray[np.float64],
    unit: str,
    *,
    details: Sequence[str],
    error: npt.NDArray[np.float64] | None = None,
    norms: Texts | None = None,
) -> Facts:
    """Facts without percentiles: NWEA gives one for whole tests only."""
    count = len(at)
    return Facts(
        at=at,
        aspect=np.full(count, aspect, dtype=object),
        value=value,
        unit=unit,
        error=np.full(count, _NAN) if error is None else error,
        percentile=np.full(count, _NAN),
        norms=np.full(count, "", dtype=object) if norms is None else norms,
        details=np.array(details, dtype=object),
    )


def evidence_frame(by_row: dict[str, npt.NDArray[np.generic]], facts: Sequence[Facts]) -> pd.DataFrame:
    """One evidence frame, in file order and, within a row, the whole before its parts."""
    at = np.concatenate([found.at for found in facts]).astype(np.int64)
    order = np.argsort(at, kind="stable")
    by_fact = {
        name: np.concatenate([getattr(found, name) for found in facts])[order]
        for name in ("aspect", "value", "error", "percentile", "norms", "details")
    }
    by_fact["source"] = np.full(len(order), SOURCE, dtype=object)
    units = [np.full(len(found.at), found.unit, dtype=object) for found in facts]
    by_fact["unit"] = np.concatenate(units)[order]
    data = by_fact | {name: values[at[order]] for name, values in by_row.items()}
    return pd.DataFrame({name: pd.Series(data[name], dtype=data[name].dtype, copy=False) for name in EVIDENCE_COLUMNS})
