"""What becomes of the rows of a spreadsheet, whatever it lists: taken, left alone, or refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from wishwall.stations.findings import Finding

Outcome = Literal["added", "updated", "unchanged", "refused"]


@dataclass(frozen=True)
class Decided:
    """What becomes of one row; each kind of list says in its own words what it changes."""

    row: int
    code: str
    outcome: Outcome
    findings: Sequence[Finding] = ()

    @property
    def label(self) -> str:
        """What the report calls it."""
        return self.code

    @property
    def is_corrected(self) -> bool:
        """Taken, but not as it was written."""
        corrected = any(finding.kind == "corrected" for finding in self.findings)
        return corrected and self.outcome != "refused"


Decision_co = TypeVar("Decision_co", bound=Decided, covariant=True)


@dataclass(frozen=True)
class PlanOf(Generic[Decision_co]):
    """A decision for every row that is not empty, in the order of the file."""

    decisions: Sequence[Decision_co]
    empty_rows: int = 0

    def count(self, outcome: Outcome) -> int:
        """How many rows have this outcome."""
        return sum(decision.outcome == outcome for decision in self.decisions)

    @property
    def corrected(self) -> int:
        """How many of the rows taken were corrected."""
        return sum(decision.is_corrected for decision in self.decisions)

    @property
    def findings(self) -> list[Finding]:
        """Everything found, row by row."""
        return [finding for decision in self.decisions for finding in decision.findings]

    @property
    def writes(self) -> list[Decision_co]:
        """The decisions that change something."""
        return [each for each in self.decisions if each.outcome in ("added", "updated")]
