"""Expressions mean the same on every Python that the site runs on."""

import re
from pathlib import Path

import pytest
from django.conf import settings

#: The Python of Debian 12, 3.11.2, reads a possessive repeat of a group wrongly: r"(?:ab?)++" loses what stands behind.
POSSESSIVE_GROUP = re.compile(r"\)(?:[+*?]|\{{1,2}\d*,?\d*\}{1,2})\+|\\\d[+*]\+")
APPS = ("home", "kecamatan_site", "moderation", "news")


@pytest.mark.parametrize("app", APPS)
def test_no_group_is_repeated_possessively(app):
    files = list(Path(settings.BASE_DIR, app).rglob("*.py"))
    assert files
    found = {
        f"{file}: {line.strip()}"
        for file in files
        for line in file.read_text().splitlines()
        if POSSESSIVE_GROUP.search(line)
    }
    assert not found


@pytest.mark.parametrize("text", ["(?:a)++", "(a)*+", "(?:a)?+", "(?:a){7,}+", "(?:a){{7,}}+", r"(.)\1*+"])
def test_such_a_group_is_noticed(text):
    assert POSSESSIVE_GROUP.search(text)


@pytest.mark.parametrize("text", [r"\w++", "[^<>]*+>", "(a)+b", 'f(x) + "y"', "a{0,3}+"])
def test_single_signs_may_be_repeated_possessively(text):
    assert not POSSESSIVE_GROUP.search(text)
