"""What is known from files: facts, whom they are about, and what they let one say."""

from workbench.evidence.evidence import Evidence, EvidenceFacet, Line, Revision, change
from workbench.evidence.matching import Matching

__all__ = ["Evidence", "EvidenceFacet", "Line", "Matching", "Revision", "change"]
