"""What other checks of the site have found: the screen Keutuhan, and Django's own."""

from django.core.checks import ERROR
from django.core.checks.registry import registry

from home.serving.front_server import check_installed
from home.serving.site_address import check_one_site
from kecamatan_site.health.rows import Finding, Row, Verdict, advise, fault, good
from moderation.chain.workflow.checks import check_database, check_mail
from moderation.desk.integrity_overview import Sight, list_sights

#: Checks that have a row of their own.
_ELSEWHERE = {check_database, check_mail, check_installed, check_one_site}


def look_at_sights() -> list[Row]:
    """Return the rows of the screen Keutuhan: site, channels, log and seals, witness, roles."""
    return [_read(sight) for sight in list_sights()]


def _read(sight: Sight) -> Row:
    label = f"Keutuhan {sight.label[0].lower()}{sight.label[1:]}"
    if sight.is_whole:
        return Row(label, Verdict.GOOD, sight.sentence)
    if sight.is_whole is None and sight.looked_at is None:
        return Row(label, Verdict.ADVICE, f"{sight.sentence} Tunggu pemeriksaan malam, atau periksa pekerja.")
    return Row(label, Verdict.FAULT, f"{sight.sentence} Lihat layar Keutuhan.")


def look_at_settings() -> Finding:
    """Run Django's checks of settings, as ``check --deploy --database default`` does."""
    checks = [check for check in registry.get_checks(include_deployment_checks=True) if check not in _ELSEWHERE]
    messages = [message for check in checks for message in check(app_configs=None, databases=["default"])]
    found = [message for message in messages if not message.is_silenced()]
    if not found:
        return good()
    names = ", ".join(sorted({str(message.id) for message in found}))
    sentence = f"{names}. Baca: manage.py check --deploy --database default"
    return fault(sentence) if any(message.level >= ERROR for message in found) else advise(sentence)
