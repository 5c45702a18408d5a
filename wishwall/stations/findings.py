"""What is found about the rows of a spreadsheet, in Chinese and English at once.

A finding corrects a value (and says so), refuses the row, or only asks to look again.
"""

import unicodedata
from dataclasses import dataclass, field
from typing import Any, Literal

HIDDEN = ("Cc", "Cf", "Cs")  # control, direction and zero-width signs, halves of characters

Kind = Literal["refused", "corrected", "noted"]


@dataclass(frozen=True)
class Finding:
    """Something about one cell, said in both languages; `value` is safe to print."""

    row: int
    column: str
    zh: str
    en: str
    value: str
    kind: Kind


@dataclass
class Checked:
    """A row as it was understood; of a refused one, the fields may be incomplete."""

    row: int
    fields: dict[str, Any] = field(default_factory=dict)
    amenities: dict[str, bool] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def code(self) -> str:
        """The station's code, empty if there is none."""
        return str(self.fields.get("code", ""))

    @property
    def is_refused(self) -> bool:
        """Whether anything in it is beyond correction."""
        return any(finding.kind == "refused" for finding in self.findings)

    @property
    def is_corrected(self) -> bool:
        """Whether it was understood only after a correction."""
        return any(finding.kind == "corrected" for finding in self.findings)

    def find(self, kind: Kind, column: str, value: str, zh: str, en: str) -> None:
        """Add a finding about a cell."""
        self.findings.append(Finding(self.row, column, zh, en, printable(value), kind))


def printable(text: str, longest: int = 40) -> str:
    """Short and without anything that would upset a terminal."""
    shown = "".join("�" if unicodedata.category(sign) in HIDDEN else sign for sign in text)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"
