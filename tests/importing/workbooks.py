"""Workbooks as other programs than Excel save them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from xml.sax.saxutils import escape, quoteattr

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)


def open_document(sheets: Mapping[str, Sequence[Sequence[object]]], hidden: Sequence[str] = ()) -> bytes:
    """A spreadsheet as LibreOffice and Google Sheets write one, blank cells and rows told by their number."""
    tables = "".join(_table(title, rows, is_hidden=title in hidden) for title, rows in sheets.items())
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table"><style:table-properties table:display="{shown}"/>'
        "</style:style>"
        for name, shown in (("ta1", "true"), ("ta2", "false"))
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} office:version="1.3">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        package.writestr("content.xml", content)
    return out.getvalue()


class Shown(int):
    """A whole number that its format shows with zeros before it."""

    def __str__(self) -> str:
        return f"{int(self):06}"


def _table(title: str, rows: Sequence[Sequence[object]], *, is_hidden: bool) -> str:
    cells = "".join(f"<table:table-row>{''.join(map(_cell, row))}{_BLANK}</table:table-row>" for row in rows)
    style = "ta2" if is_hidden else "ta1"
    rest = f'<table:table-row table:number-rows-repeated="{1_048_576 - len(rows)}">{_BLANK}</table:table-row>'
    return f'<table:table table:name={quoteattr(title)} table:style-name="{style}">{cells}{rest}</table:table>'


_BLANK = '<table:table-cell table:number-columns-repeated="16000"/>'


def _cell(value: object) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, bool):
        return _typed("boolean", f'office:boolean-value="{str(value).lower()}"', str(value).upper())
    if isinstance(value, datetime):
        at = value.date().isoformat() if value.time() == time() else value.isoformat()
        return _typed("date", f'office:date-value="{at}"', f"{value:%m/%d/%y}")
    if isinstance(value, date):
        return _typed("date", f'office:date-value="{value.isoformat()}"', f"{value:%m/%d/%y}")
    if isinstance(value, time):
        return _typed("time", f'office:time-value="PT{value:%H}H{value:%M}M{value:%S}S"', f"{value:%H:%M:%S}")
    if isinstance(value, int | float):
        return _typed("float", f'office:value="{float(value)!r}"', str(value))
    return _typed("string", "", str(value))


def _typed(kind: str, value: str, shown: str) -> str:
    note = "<office:annotation><text:p>a note beside the cell</text:p></office:annotation>"
    words = escape(shown).replace("  ", " <text:s/>")
    return f'<table:table-cell office:value-type="{kind}" {value}>{note}<text:p>{words}</text:p></table:table-cell>'
