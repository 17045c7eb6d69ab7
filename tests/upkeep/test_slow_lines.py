"""Who may wait at once, and how a place is given back."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from retkoop.upkeep.slow_lines import FewSlowLines, Full, Places

BUSY = "Trop d’envois ou de téléchargements en même temps\u202f: rien n’a été enregistré. Attendez une minute, puis recommencez."


class Streamed:
    """An answer that is sent piece by piece."""

    streaming = True

    def __init__(self) -> None:
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield b"piece"

    def close(self) -> None:
        self.closed = True


def environ(address: str = "10.0.0.1", body: bytes = b"") -> dict[str, Any]:
    return {"REMOTE_ADDR": address, "CONTENT_LENGTH": str(len(body)) if body else "", "wsgi.input": io.BytesIO(body)}


def served(application: Callable[..., Iterable[bytes]], places: Places, request: dict[str, Any]) -> tuple[str, Iterable[bytes]]:
    said: list[str] = []
    answer = FewSlowLines(application, bodies=places, answers=places)(request, lambda status, _headers: said.append(status))
    return "".join(said), answer


def test_so_many_places_in_all_and_for_one_address() -> None:
    places = Places(3, 2)
    for address in ("a", "a", "b"):
        places.take(address)
    for address in ("a", "b"):
        with pytest.raises(Full):
            places.take(address)
    places.give_back("a")
    places.take("b")


def test_a_body_holds_its_place_until_its_last_byte() -> None:
    places = Places(1, None)
    met: list[str] = []

    def application(request: dict[str, Any], _start: object) -> list[bytes]:
        met.append(served(application, places, environ(body=b"x"))[0] if not met else "")
        request["wsgi.input"].read(2)
        request["wsgi.input"].readline()
        places.take("another")
        return [b"ok"]

    assert served(application, places, environ(body=b"name=x"))[1] == [b"ok"]
    assert met == ["503 Service Unavailable"]


def test_one_that_is_never_read_to_its_end_gives_it_back_too() -> None:
    places = Places(1, None)
    served(lambda *_: [b""], places, environ(body=b"name=x"))
    places.take("another")


def test_an_answer_in_pieces_holds_a_place_until_it_is_closed() -> None:
    places, answer = Places(1, None), Streamed()
    _, sent = served(lambda *_: answer, places, environ())
    status, refused = served(lambda *_: Streamed(), places, environ())
    assert (status, [piece.decode() for piece in refused]) == ("503 Service Unavailable", [BUSY])
    assert list(sent) == [b"piece"]
    sent.close()  # type: ignore[attr-defined]  # what the server calls
    sent.close()  # type: ignore[attr-defined]  # idem
    assert answer.closed
    places.take("another")


def test_what_has_no_body_and_comes_whole_takes_no_place() -> None:
    assert served(lambda *_: [b"ok"], Places(0, None), environ())[1] == [b"ok"]
