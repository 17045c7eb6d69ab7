"""Where contents are kept: by their digest, on the disk and on S3-compatible storage alike."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from retkoop.archive import storage
from retkoop.archive.storage import DurableFileSystemStorage, NoRoom, keep, place_of
from retkoop.config.documents import documents_storage

DIGEST = sha256(b"facture").hexdigest()
FULL = "Le document n’a pas pu être enregistré : il n’y a plus de place, ou le stockage ne répond pas. Réessayez plus tard."


def put(settings: Settings, shelf: dict[str, Any]) -> None:
    settings.STORAGES = {**settings.STORAGES, "documents": shelf}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """The setting that leads to a bucket of its own, on a server that speaks S3."""
    reach_s3_at(server, monkeypatch)
    access = {"endpoint_url": server, "aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    bucket = boto3.resource("s3", **access).Bucket("archive")
    bucket.create()
    yield documents_storage("s3://archive/documents", Path())
    bucket.objects.delete()
    bucket.delete()


def reach_s3_at(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ENDPOINT": address, "KEY": "key", "SECRET": "secret", "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"RETKOOP_S3_{name}", value)


@pytest.fixture(params=["disk", "s3"])
def shelf(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> None:
    put(settings, documents_storage("", tmp_path) if request.param == "disk" else request.getfixturevalue("s3"))


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    file = tmp_path / "sent"
    file.write_bytes(b"facture")
    return file


@pytest.mark.usefixtures("shelf")
class TestAnyShelf:
    def test_a_content_is_found_under_its_digest(self, sent: Path) -> None:
        keep(sent, DIGEST)
        with storage.opened(DIGEST) as stream, storage.at_hand(DIGEST) as path:
            assert (stream.read(), path.read_bytes()) == (b"facture", b"facture")
        assert list(storage.names()) == [DIGEST]
        assert datetime.now(UTC) - storage.stored_at(DIGEST) < timedelta(minutes=5)

    def test_the_same_content_twice_is_kept_once(self, sent: Path) -> None:
        keep(sent, DIGEST)
        keep(sent, DIGEST)
        assert list(storage.names()) == [DIGEST]
        with storage.opened(DIGEST) as stream:
            assert stream.read() == b"facture"

    def test_what_was_altered_is_whole_again_once_it_is_sent_again(self, sent: Path, tmp_path: Path) -> None:
        altered = tmp_path / "altered"
        altered.write_bytes(b"factura")
        keep(altered, DIGEST)
        keep(sent, DIGEST)
        with storage.opened(DIGEST) as stream:
            assert stream.read() == b"facture"

    def test_what_is_thrown_away_is_no_more(self, sent: Path) -> None:
        keep(sent, DIGEST)
        storage.throw_away(DIGEST)
        assert list(storage.names()) == []
        with pytest.raises(FileNotFoundError):
            storage.opened(DIGEST).read()

    def test_an_empty_shelf_has_no_names(self) -> None:
        assert list(storage.names()) == []


@pytest.mark.parametrize("name", ["", "../../secret-key", DIGEST.upper(), DIGEST + "\n", DIGEST[1:]])
def test_only_a_digest_names_a_content(name: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        place_of(name)


def test_a_full_disk_is_told_and_leaves_nothing(settings: Settings, sent: Path, tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("a file where the folder should be", encoding="utf-8")
    put(settings, documents_storage("", tmp_path))
    with pytest.raises(NoRoom) as told:
        keep(sent, DIGEST)
    assert str(told.value) == FULL


def test_a_storage_out_of_reach_is_told(settings: Settings, sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reach_s3_at("http://127.0.0.1:9", monkeypatch)
    put(settings, documents_storage("s3://archive", Path()))
    with pytest.raises(NoRoom):
        keep(sent, DIGEST)


def test_a_write_that_stops_halfway_leaves_nothing(tmp_path: Path) -> None:
    class Torn(ContentFile[bytes]):
        def read(self, num_bytes: int | None = None) -> bytes:
            raise OSError(28, "No space left on device")

    with suppress(OSError):
        DurableFileSystemStorage(location=tmp_path).save("ab/abc", Torn(b"facture"))
    assert [name for _, _, names in os.walk(tmp_path) for name in names] == []


def test_an_address_that_is_no_shelf_is_refused() -> None:
    with pytest.raises(ValueError, match="is no s3://bucket/folder"):
        documents_storage("ftp://example.org/documents", Path())
