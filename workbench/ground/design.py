"""How everything looks: one set of tokens for apps, reports, charts and paper.

The palette's three series (teal, blue, plum) stay apart for the common kinds of colour
blindness, and each has a dash and a mark of its own, so that black and white reads as well.
"""

from __future__ import annotations

import base64
import io
import os
from functools import cache
from hashlib import sha256
from pathlib import Path

COLOURS = {
    "paper": "#FBFAF7",
    "card": "#FFFFFF",
    "line": "#E4E0D8",
    "ink": "#1F2933",
    "quiet": "#52606D",
    "teal": "#0F766E",
    "teal-soft": "#E6F4F1",
    "amber": "#B45309",
    "amber-soft": "#FDF3E3",
    "blue": "#1D4ED8",
    "plum": "#7E22CE",
    "band": "#D5DEE6",
    "error": "#B42318",
}
SPACES = (4, 8, 12, 16, 24, 32, 48)  # px
RADIUS = 10  # px
FONT = "Source Sans Pro"
FALLBACKS = "'Source Sans 3', 'Segoe UI', system-ui, sans-serif"
#: The font and what takes its place, for charts: a name with a number in it would have the converter measure
#: all text in a font of its own choice.
CHART_FONT = f"{FONT}, system-ui, sans-serif"
#: The fonts of other scripts in which people are named, for paper.
SCRIPTS = tuple(
    f"Noto Sans{script}" for script in ("", " Arabic", " Devanagari", " Khmer", " Tamil", " Telugu", " Thai")
)
#: Text size in px by band; adults read the last.
SIZES = {"K-2": 24, "3-5": 18, "6-8": 16, "adult": 16}

#: Series in order: colour, dash (px on, px off …) and mark.
SERIES = (("teal", (), "circle"), ("blue", (6, 3), "square"), ("plum", (2, 3), "triangle-up"))

_WEIGHTS = {400: "SourceSansPro-Regular.ttf", 600: "SourceSansPro-Semibold.ttf", 700: "SourceSansPro-Bold.ttf"}
_LETTERS = [(0x20, 0x17F), (0x1E00, 0x1EFF), (0x2010, 0x2026), (0x20AC, 0x20AC), (0x2190, 0x2193), (0x2212, 0x2212)]


def variables() -> str:
    """The tokens as CSS custom properties: `--ink`, `--teal` …, `--space-1` to `--space-7`."""
    colours = "".join(f"--{name}:{value};" for name, value in COLOURS.items())
    spaces = "".join(f"--space-{number}:{size}px;" for number, size in enumerate(SPACES, 1))
    return f":root{{{colours}{spaces}--radius:{RADIUS}px;--font:'{FONT}',{FALLBACKS};}}"


def font_file(weight: int) -> Path:
    """The TrueType file of a weight (400, 600 or 700), for tools that read fonts from disk."""
    import font_source_sans_pro

    return Path(font_source_sans_pro.font_directory) / _WEIGHTS[weight]


def font_folder() -> Path:
    """A folder with the font's weights as TrueType, cut: for tools that map the file anew for every letter."""
    try:
        return min(_kept(weight, "ttf") for weight in _WEIGHTS).parent
    except OSError:  # no cache folder: the whole ones do as well
        return font_file(400).parent


def paper_fonts() -> tuple[Path, ...]:
    """Folders with our font, and those that have the letters of other scripts in which people are named."""
    import fontpkg

    return (font_folder(), *(Path(fontpkg.path(font)).parent for font in SCRIPTS))


def has(letter: str) -> bool:
    """Whether our font, as it is cut, has a letter."""
    return any(first <= ord(letter) <= last for first, last in _LETTERS)


@cache
def woff2(weight: int) -> bytes:
    """A weight as WOFF2, cut, about 20 kB."""
    try:
        return _kept(weight, "woff2").read_bytes()
    except OSError:  # no cache folder: it is cut again next time
        return _cut(weight, "woff2")


def _kept(weight: int, flavor: str) -> Path:
    """The file of a weight with the letters of Latin-script languages.

    Cut out of the whole font once and kept in the person's cache folder: it takes half a second. Raises OSError.
    """
    from platformdirs import user_cache_path

    kept = user_cache_path("learner-led-workbench") / _digest() / f"{weight}.{flavor}"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(_cut(weight, flavor))
        unfinished.replace(kept)
    return kept


@cache
def _digest() -> str:
    """A short name for the whole font and what is cut out of it."""
    sources = b"".join(font_file(weight).read_bytes() for weight in _WEIGHTS)
    return sha256(sources + repr(_LETTERS).encode()).hexdigest()[:16]


def _cut(weight: int, flavor: str) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(font_file(weight))
    options = subset.Options(layout_features=["kern", "liga", "mark", "mkmk", "ccmp", "tnum"])
    options.name_IDs += [16, 17]  # the family of all weights
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in _LETTERS for code in range(first, last + 1)])
    subsetter.subset(font)
    font.flavor = None if flavor == "ttf" else flavor
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def font_faces(address: str = "") -> str:
    """`@font-face` rules: fonts at `address` followed by `400.woff2` …, or inside the CSS when it is ""."""

    def source(weight: int) -> str:
        if address:
            return f"{address}{weight}.woff2"
        return "data:font/woff2;base64," + base64.b64encode(woff2(weight)).decode()

    return "".join(
        f"@font-face{{font-family:'{FONT}';font-weight:{weight};font-style:normal;font-display:swap;"
        f"src:url('{source(weight)}') format('woff2');}}"
        for weight in _WEIGHTS
    )
