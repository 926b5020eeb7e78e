"""The log as JSON and the mail about an error: the id of the request, and nobody's data."""

import io
import json
import logging
import logging.config

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpResponse
from django.test import RequestFactory

from kecamatan_site import request_log
from kecamatan_site.settings.env import SettingsMissing, choose

pytestmark = pytest.mark.db_agnostic

#: What a visitor types, is or has.
PERSONAL = ("Budi", "Santoso", "3313012345678901", "budi.s@contoh.example", "10.20.30.40", "2001:db8::7", "Rahasia")
ADDRESS = "/berkas/Budi%20Santoso.pdf?nama=Budi&ip=10.20.30.40"


@pytest.fixture
def lines():
    """The lines that the log's handler of production would write."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request_log.JsonFormatter())
    root, own = logging.getLogger(), request_log.logger
    before = own.level
    root.addHandler(handler)
    own.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    own.setLevel(before)


def send(view, **headers):
    """Pass a request through the middleware and Django's own catcher of errors."""
    respond = request_log.RequestLogMiddleware(convert_exception_to_response(view))
    return respond(RequestFactory().get(ADDRESS, headers=headers, REMOTE_ADDR="10.20.30.40"))


def fail(request):
    logging.getLogger("news").warning(
        "Mail %s to budi.s@contoh.example from 10.20.30.40 and 2001:db8::7 was not sent: GET /cari/?q=Santoso", 3
    )
    try:
        raise KeyError("Budi 3313012345678901")
    except KeyError as error:
        raise ValueError("Rahasia Budi Santoso") from error


def test_all_lines_of_a_request_have_its_id_and_nobody_stands_in_them(lines):
    assert send(fail).status_code == 500
    written = lines()
    text = json.dumps(written, ensure_ascii=False)
    assert [line["logger"] for line in written] == ["news", "django.request", "situs.requests"]
    assert not [word for word in PERSONAL if word in text]
    assert len({line["request"] for line in written}) == 1
    assert len(written[0]["request"]) == 32
    assert written[0]["message"] == "Mail 3 to […] from […] and […] was not sent: GET /cari/?[…]"
    assert written[1]["message"].startswith("Internal Server Error: /")
    assert [error["type"] for error in written[1]["errors"]] == ["ValueError", "KeyError"]
    assert written[1]["errors"][0]["at"][-1].endswith(" fail")
    assert {name: written[2][name] for name in ("method", "route", "status")} == {
        "method": "GET",
        "route": "",
        "status": 500,
    }


def test_the_front_server_names_the_request_and_a_stranger_does_not(lines):
    def answer(request):
        return HttpResponse("")

    given = "0123456789abcdef" * 2
    send(answer, x_request_id=given)
    send(answer, x_request_id="Budi Santoso")
    first, second = (line["request"] for line in lines())
    assert first == given
    assert second != given
    assert len(second) == 32


def test_a_line_outside_of_requests_has_no_id_and_a_refusal_no_path(lines):
    def refuse(request):
        raise PermissionDenied("Rahasia")

    send(refuse)
    logging.getLogger("moderation").error("Worker job %s failed", "surel")
    text = json.dumps(lines())
    assert not [word for word in PERSONAL if word in text]
    assert lines()[-1]["request"] == ""


def test_an_error_is_mailed_once_an_hour_for_each_kind_and_names_nobody(settings, monkeypatch):
    settings.ADMINS = [("Pengelola", "pengelola@situs.example")]
    handler = request_log.ErrorMailHandler()
    handler.setLevel(logging.ERROR)
    handler.addFilter(request_log.OnceAnHour())
    handler.setFormatter(request_log.ReadableFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        for _ in range(5):
            send(fail)
        assert len(mail.outbox) == 1
        logging.getLogger("moderation").error("Worker job %s failed", "surel")
        assert len(mail.outbox) == 2
        monkeypatch.setattr(request_log.OnceAnHour, "SECONDS", 0)
        send(fail)
        assert len(mail.outbox) == 3
    finally:
        root.removeHandler(handler)
    first = mail.outbox[0]
    assert (first.to, "ValueError" in first.subject) == (["pengelola@situs.example"], True)
    assert not [word for word in PERSONAL if word in first.subject + first.body]
    assert "fail" in first.body


def test_the_settings_choose_how_lines_are_written(settings):
    with pytest.raises(SettingsMissing, match="LOG_FORMAT=yaml is none of json, line"):
        choose("LOG_FORMAT", "yaml", {"line", "json"})
    formatters = logging.config.DictConfigurator(settings.LOGGING)
    made = {name: formatters.configure_formatter(dict(how)) for name, how in settings.LOGGING["formatters"].items()}
    assert isinstance(made["json"], request_log.JsonFormatter)
    assert isinstance(made["readable"], request_log.ReadableFormatter)


@pytest.mark.django_db
def test_nobody_writes_a_line_of_their_own(client, caplog):
    client.get("/tiada%0d%0aINFO palsu/")
    client.post("/admin/login/", {"login": "staf1\nINFO palsu", "password": "bukan sandi siapa pun"})
    told = [record.getMessage() for record in caplog.records]
    assert any("palsu" in message for message in told)
    assert not any("\n" in message or "\r" in message for message in told)
