"""A network on loopback that costs next to nothing: answers every post after a fixed time.

Speaks what X and Mastodon answer to a post that was made. As a program it prints its port.
"""

import asyncio
import itertools
import json
import sys

_numbers = itertools.count(1)


class Network(asyncio.Protocol):
    """One connection: one request, one answer."""

    seconds = 0.05

    def connection_made(self, transport):
        self.transport, self.received = transport, b""

    def data_received(self, data):
        self.received += data
        head, end, body = self.received.partition(b"\r\n\r\n")
        if end and len(body) >= _get_length(head):
            asyncio.get_running_loop().call_later(self.seconds, self._answer, head.startswith(b"POST /2/"))

    def _answer(self, is_x):
        number = str(next(_numbers))
        body = {"data": {"id": number, "text": ""}} if is_x else {"id": number, "url": "https://situs.example/"}
        data = json.dumps(body).encode()
        head = f"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        self.transport.write(head.encode() + data)
        self.transport.close()


def _get_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


async def main(milliseconds: str) -> None:
    """Serve until killed."""
    Network.seconds = int(milliseconds) / 1000
    server = await asyncio.get_running_loop().create_server(Network, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
