"""Files of every kind that an office really has, made small, with what a person can see in them or reach by a click."""

from .cases import Case
from .pdf_cases import CASES as PDF
from .plain_cases import CASES as PLAIN
from .sheet_cases import CASES as SHEETS
from .slide_cases import CASES as SLIDES
from .word_cases import CASES as WORD

CASES: tuple[Case, ...] = (*WORD, *SHEETS, *SLIDES, *PDF, *PLAIN)
