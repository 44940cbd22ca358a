from dataclasses import dataclass

Cells = tuple[str, ...]
Row = tuple[int, Cells]


@dataclass(frozen=True)
class Sheet:
    """A table as its spreadsheet shows it.

    rows: (line number counted from 1 as on screen, cells as text); lines without any text are left out. Every row is
    at least as wide as `headers`; a longer one of a CSV file holds a separator too many.
    title: name of the sheet of a workbook, empty for CSV. headers_line: where the header was found.
    """

    headers: Cells
    rows: tuple[Row, ...]
    headers_line: int
    title: str = ""
