"""Read the rest of a request that is refused: whoever is cut off while sending, browser or nginx, sees no answer."""

#: Bytes read before the connection is closed.
_MOST = 64 * 1024 * 1024


def drain(request) -> None:
    """Read the rest of the body."""
    room = _MOST
    try:
        while room > 0 and (piece := request.read(64 * 1024)):
            room -= len(piece)
    except OSError:
        return  # The browser closed the connection.
