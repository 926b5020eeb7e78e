"""Readers of the installed site: one question, and many while something goes on."""

import contextlib
import http.client
import socket
import ssl
import threading
import time

DOMAIN = "situs.example"


def ask(path: str, port: int = 443, domain: str = DOMAIN, **headers) -> tuple[int, dict[str, str], str]:
    """Ask the site as a reader would, whatever its name leads to."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as plain:
        connection = http.client.HTTPConnection(domain)
        connection.sock = plain
        if port == 443:
            connection.sock = ssl._create_unverified_context().wrap_socket(plain, server_hostname=domain)
        connection.request("GET", path, headers={"Host": domain} | headers)
        response = connection.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        return response.status, named, response.read().decode("utf-8", "replace")


def get_status(path: str) -> int:
    """Return the status of an answer, 0 where none comes."""
    try:
        return ask(path)[0]
    except (OSError, http.client.HTTPException):
        return 0


@contextlib.contextmanager
def reading():
    """Read a kept page and one that Django makes, over and over while the block runs; yields what came of both."""
    deadline = time.monotonic() + 60
    while "etag" not in ask("/")[1]:
        assert time.monotonic() < deadline, "nginx keeps no page"
        time.sleep(0.2)
    kept, made, stop = [], [], threading.Event()

    def read():
        while not stop.is_set():
            # The search is bounded by nginx, at more than one question a second.
            made.append(get_status("/cari/?q=desa"))
            for _number in range(10):
                kept.append(get_status("/"))
                time.sleep(0.1)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield kept, made
    finally:
        stop.set()
        reader.join()


def expect_no_lost_reader(answers: tuple[list[int], list[int]], allowed: set[int]) -> None:
    """The kept page was always there; the other one was, or a page said why not."""
    kept, made = answers
    print(f"Readers during it: kept page {count(kept)}, page of Django {count(made)}", flush=True)
    assert set(kept) == {200}
    assert set(made) == allowed


def count(statuses: list[int]) -> str:
    return ", ".join(f"{statuses.count(status)} × {status}" for status in sorted(set(statuses)))
