"""Charts for analysts: functions from a table of `bench.frames` to an Altair chart.

charts.growths(bench.frames.growth("4B", measure="reading", start="Fall 2025", end="Fall 2026"))
charts.lines(bench.frames.scores("4B"), measure="reading")
charts.holes(bench.frames.coverage("4B"))

Each has a sentence as its title, its errors drawn, and a description in words; colours have a shape or a place beside
them. A learner is a number, or a name where the table has names. They are Altair's own, so they compose and go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from workbench.evidence import measures
from workbench.evidence.growth import ENOUGH, ORDERED_FROM, reliability
from workbench.evidence.measures.words import number
from workbench.evidence.telling import said_term
from workbench.ground.design import CHART_FONT, COLOURS
from workbench.ground.errors import BadInput, NotFound
from workbench.ground.words import _, ngettext

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

WIDTH = 420
_ROW = 18  # px of one learner
_PANEL = (130, 120)  # px of one of many
_ACROSS = 5


def growths(frame: pd.DataFrame, title: str = "") -> alt.LayerChart:
    """Each learner's growth of one measure and window with its standard error, of the table `growth`.

    What is not comparable is left aside and counted. In the order of growth only where it is reliable enough for an
    order, else by the start. Raises BadInput for several measures or windows at once, and for an empty table.
    """
    import altair as alt

    rows = frame[frame["comparable"].fillna(value=False) & frame["error"].notna()]
    _one_of(frame, "measure", "source", "language", "unit", "start_term", "end_term")
    aside = len(frame) - len(rows)
    first = frame.iloc[0]
    told = {kind: int((rows["verdict"] == kind).sum()) for kind in ("higher", "about the same", "lower")}
    share = reliability(list(rows["growth"]), list(rows["error"])) if len(rows) >= ENOUGH else None
    sentence = title or _("{measure}: {higher} of {all} higher, {same} about the same, {lower} lower").format(
        measure=_measure(first),
        all=len(rows),
        higher=told["higher"],
        same=told["about the same"],
        lower=told["lower"],
    )
    start, end = (said_term(str(first[one])) for one in ("start_term", "end_term"))
    notes = [_("{start} to {end}. A line is one standard error up and down.").format(start=start, end=end)]
    if share is not None:
        notes.append(
            _("Of the differences in growth, {share} percent are more than errors of measurement.").format(
                share=number(round(100 * share))
            )
        )
    if aside:
        notes.append(
            ngettext(
                "{count} that cannot be compared is left aside.",
                "{count} that cannot be compared are left aside.",
                aside,
            ).format(count=aside)
        )
    by = "growth" if share is not None and share >= ORDERED_FROM else "start"
    ordered = _told_apart(rows.sort_values([by, "learner"]))
    who = "who"
    data = [
        {
            "who": str(one[who]),
            "growth": float(one["growth"]),
            "low": float(one["growth"] - one["error"]),
            "high": float(one["growth"] + one["error"]),
            "verdict": _verdicts()[str(one["verdict"])],
        }
        for one in _plain(ordered, who, "growth", "error", "verdict")
    ]
    words = list(_verdicts().values())
    y = alt.Y("who:N", sort=[str(one["who"]) for one in data], title=None, axis=_axis(ticks=False, domain=False))
    x: dict[str, Any] = {"title": _("Growth in {unit}").format(unit=first["unit"]), "axis": _axis()}
    colours = alt.Scale(domain=words, range=[COLOURS["plum"], COLOURS["quiet"], COLOURS["teal"]])
    shapes = alt.Scale(domain=words, range=["triangle-down", "circle", "triangle-up"])
    legend = alt.Legend(title=None, orient="bottom", labelFont=CHART_FONT)
    base = alt.Chart(alt.InlineData(values=data)).encode(y=y)
    nothing = alt.Chart(alt.InlineData(values=[{"at": 0}])).mark_rule(color=COLOURS["quiet"], strokeDash=[2, 3])
    drawn = alt.layer(
        nothing.encode(x="at:Q"),
        base.mark_rule(strokeWidth=2, color=COLOURS["band"]).encode(x=alt.X("low:Q", **x), x2="high:Q"),
        base.mark_point(filled=True, size=64, opacity=1).encode(
            x=alt.X("growth:Q", **x),
            color=alt.Color("verdict:N", scale=colours, legend=legend),
            shape=alt.Shape("verdict:N", scale=shapes, legend=legend),
        ),
    )
    said = {"title": _title(sentence, notes), "description": " ".join([sentence + ".", *notes])}
    return cast("alt.LayerChart", drawn.properties(width=WIDTH, height=_ROW * len(data), **said))


def lines(frame: pd.DataFrame, *, measure: str, title: str = "") -> alt.FacetChart:
    """Each learner's own results of a measure by term, one small chart all on one scale, of the table `scores`.

    Growth events only; a line breaks where the norms changed, and a rushed test is hollow. Raises NotFound with the
    nearest measures, BadInput for several vendors or languages at once.
    """
    import altair as alt

    if measure not in set(frame["measure"].dropna()):
        raise NotFound.among(_("measure"), measure, sorted(set(frame["measure"].dropna().astype(str))))
    rows = frame[(frame["measure"] == measure) & (frame["standing"] == "growth")]
    _one_of(rows, "source", "language", "unit")
    rows, who = _told_apart(rows), "who"
    terms = [str(one) for one in frame["term"].cat.categories if one in set(rows["term"])]
    learners = list(dict.fromkeys(str(one) for one in rows[who]))
    sentence = title or ngettext(
        "{measure} of {count} learner over {terms} terms",
        "{measure} of {count} learners over {terms} terms, all on one scale",
        len(learners),
    ).format(measure=_measure(rows.iloc[0]), count=len(learners), terms=len(terms))
    notes = [
        _("A bar is one standard error up and down; a rushed test is hollow."),
        _("A line breaks where the norms changed."),
    ]
    data = [
        {
            "who": str(one[who]),
            "term": said_term(str(one["term"])),
            "value": float(one["value"]),
            "low": _or_none(one["low"]),
            "high": _or_none(one["high"]),
            "norms": str(one["norms"]),
            "rushed": bool(one["rushed"]),
        }
        for one in _plain(rows, who, "term", "value", "low", "high", "norms", "rushed")
    ]
    scale = alt.Scale(zero=False, nice=False, padding=6)
    x = alt.X("term:O", sort=[said_term(one) for one in terms], title=None, axis=_axis(labelAngle=-60, ticks=False))
    base = alt.Chart().encode(x=x)
    value = alt.Y("value:Q", scale=scale, title=None, axis=_axis(tickCount=3, grid=False))
    hollow = alt.when("datum.rushed").then(alt.value(COLOURS["card"])).otherwise(alt.value(COLOURS["teal"]))
    width, height = _PANEL
    return (
        alt.layer(
            base.mark_bar(width=8, cornerRadius=4, color=COLOURS["band"]).encode(
                y=alt.Y("low:Q", scale=scale), y2="high:Q"
            ),
            base.mark_line(color=COLOURS["teal"]).encode(y=value, detail="norms:N"),
            base.mark_point(size=12, opacity=1, filled=True, stroke=COLOURS["teal"], strokeWidth=1.5).encode(
                y=value, fill=hollow
            ),
            data=alt.InlineData(values=data),
        )
        .properties(width=width, height=height)
        .facet(
            alt.Facet(
                "who:N",
                sort=learners,
                header=alt.Header(
                    title=None, labelFontWeight="bold", labelPadding=4, labelFont=CHART_FONT, labelLimit=_PANEL[0]
                ),
            ),
            columns=_ACROSS,
        )
        .properties(title=_title(sentence, notes), description=" ".join([sentence + ".", *notes]))
    )


def holes(frame: pd.DataFrame, title: str = "") -> alt.Chart:
    """Who has which test and who has not, by measure and term, of the table `coverage`; a cross is a missing one."""
    import altair as alt

    if frame.empty:
        raise _nothing()
    frame, who = _told_apart(frame), "who"
    missing = int((~frame["has"]).sum())
    sentence = title or ngettext(
        "{missing} of {all} test is missing", "{missing} of {all} tests are missing", missing
    ).format(missing=missing, all=len(frame))
    several = frame["source"].nunique() > 1
    data = [
        {
            "who": str(one[who]),
            "test": f"{one['measure']} ({one['source']})" if several else str(one["measure"]),
            "term": said_term(str(one["term"])),
            "has": _("taken") if one["has"] else _("missing"),
        }
        for one in _plain(frame, who, "measure", "source", "term", "has")
    ]
    terms = [said_term(str(one)) for one in frame["term"].cat.categories]
    learners = list(dict.fromkeys(str(one["who"]) for one in data))
    words = [_("taken"), _("missing")]
    legend = alt.Legend(title=None, orient="bottom", labelFont=CHART_FONT)
    colours = alt.Scale(domain=words, range=[COLOURS["band"], COLOURS["amber"]])
    shapes = alt.Scale(domain=words, range=["square", "cross"])
    notes = [_("A row is a learner, a column a term.")]
    drawn = (
        alt.Chart(alt.InlineData(values=data))
        .mark_point(filled=True, size=70, opacity=1)
        .encode(
            x=alt.X("term:O", sort=terms, title=None, axis=_axis(labelAngle=-60, ticks=False, domain=False)),
            y=alt.Y("who:N", sort=learners, title=None, axis=_axis(ticks=False, domain=False)),
            color=alt.Color("has:N", scale=colours, legend=legend),
            shape=alt.Shape("has:N", scale=shapes, legend=legend),
            column=alt.Column("test:N", title=None, header=alt.Header(labelFontWeight="bold", labelFont=CHART_FONT)),
        )
        .properties(width=_ROW * len(terms), height=_ROW * len(learners))
        .properties(title=_title(sentence, notes), description=" ".join([sentence + ".", *notes]))
    )
    return cast("alt.Chart", drawn)


def _verdicts() -> Mapping[str, str]:
    return {"lower": _("lower"), "about the same": _("about the same"), "higher": _("higher")}


def _title(sentence: str, notes: list[str]) -> alt.TitleParams:
    import altair as alt

    return alt.TitleParams(
        text=sentence,
        subtitle=notes,
        anchor="start",
        font=CHART_FONT,
        subtitleFont=CHART_FONT,
        color=COLOURS["ink"],
        subtitleColor=COLOURS["quiet"],
    )


def _axis(**more: Any) -> alt.Axis:
    import altair as alt

    return alt.Axis(labelFont=CHART_FONT, titleFont=CHART_FONT, labelColor=COLOURS["quiet"], labelLimit=200, **more)


def _told_apart(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with what each learner is called in a chart, `who`: of two who share a name, with the number too."""
    called = frame["learner"].astype(str)
    if "name" in frame:
        names = frame["name"].astype(str)
        shared = frame.groupby(names, observed=True)["learner"].transform("nunique") > 1
        called = names.where(~shared, names + " (" + called + ")")
    return frame.assign(who=called)


def _plain(frame: pd.DataFrame, *names: str) -> list[dict[str, Any]]:
    return [dict(zip(names, one, strict=True)) for one in frame[list(names)].astype(object).to_numpy().tolist()]


def _or_none(value: Any) -> float | None:
    import pandas as pd

    return None if pd.isna(value) else float(value)


def _one_of(frame: pd.DataFrame, *names: str) -> None:
    if frame.empty:
        raise _nothing()
    for name in names:
        if frame[name].nunique() > 1:
            raise BadInput(
                _("The table has several of “{column}”, and this chart shows one.").format(column=name),
                _("Choose one first, as in frame[frame.{column} == …].").format(column=name),
            )


def _nothing() -> BadInput:
    return BadInput(
        _("There is nothing to draw: the table has no row."),
        _("Look at frame.attrs[\"left_out\"], or at another class or term."),
    )  # fmt: skip


def _measure(row: Any) -> str:
    """What a measure is called in the language spoken around."""
    return measures.named(str(row["source"]), str(row["measure"]), "", str(row["unit"])).learner
