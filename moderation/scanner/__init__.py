"""Finds personal data in a text (docs/sop.md#personal-data). Plain Python: it knows neither Django nor Wagtail."""

from .engine import compute_version, scan
from .finding import Finding, Severity
from .rules import RULES, Rule

__all__ = ["RULES", "Finding", "Rule", "Severity", "compute_version", "scan"]
