"""What may come in at all, before it is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.test import Client
from pytest_django import Settings

from retkoop.archive.cleaning import Limits, RefusedFile
from retkoop.archive.reception import LARGEST_REQUEST, SweptUploads, limits_for, received
from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.network.services import change_setting
from tests.archive.sent import picture_bytes
from tests.books.coops import at, said

TOO_LARGE = (
    "L’envoi est trop volumineux Retkoop reçoit 100 Mo au plus à la fois. Rien n’a été enregistré. "
    "Envoyez les fichiers un par un, ou photographiez le document avec votre téléphone."
)


@pytest.mark.django_db
def test_limits_are_those_of_the_association(book: Book) -> None:
    assert limits_for(book.coop, book.year) == Limits(20, 30)
    for name, value in {"document_megabytes": 5, "document_pages": 8}.items():
        change_setting(author=SYSTEM, association=book.coop.association, from_year=book.start, name=name, value=value)
    assert limits_for(book.coop, book.year) == Limits(5, 8)


def test_a_small_upload_comes_by_way_of_the_disk() -> None:
    with received(SimpleUploadedFile("ticket.png", picture_bytes()), Limits()) as clean:
        assert (clean.pages, clean.content.exists()) == (1, True)


def test_what_comes_and_what_is_kept_wait_where_a_kill_9_leaves_nothing_for_ever(tmp_path: Path, settings: Settings) -> None:
    settings.HOME = tmp_path
    with received(SimpleUploadedFile("ticket.png", picture_bytes()), Limits()):
        files = sorted(file.name for file in tmp_path.rglob("*") if file.is_file())
        assert (files, [folder.name for folder in tmp_path.iterdir()]) == (["answer.json", "content", "sent"], ["reception"])
    assert list((tmp_path / "reception").iterdir()) == []


def large_upload(content: bytes) -> UploadedFile[bytes]:
    """Return a file of a request as Django leaves it on the disk."""
    handler = SweptUploads()
    handler.new_file("file", "ticket.png", "image/png", len(content))
    handler.receive_data_chunk(content, 0)
    upload = handler.file_complete(len(content))
    assert upload is not None
    return upload


def test_so_does_one_that_is_there_already() -> None:
    with received(large_upload(picture_bytes()), Limits()) as clean:
        assert clean.pages == 1


def test_a_large_upload_of_a_killed_server_is_swept_one_that_is_being_read_is_not(tmp_path: Path, settings: Settings) -> None:
    settings.HOME, settings.FILE_UPLOAD_TEMP_DIR = tmp_path, tmp_path / "reception"
    upload = large_upload(picture_bytes())
    (name,) = [file.name for file in (tmp_path / "reception").iterdir()]
    (tmp_path / "reception/dead.upload.png").write_bytes(b"x")
    with received(SimpleUploadedFile("ticket.png", picture_bytes()), Limits()):
        assert [file.name for file in (tmp_path / "reception").iterdir() if file.is_file()] == [name]
    upload.close()
    assert list((tmp_path / "reception").iterdir()) == []


def test_a_large_upload_waits_in_the_folder_that_is_swept(settings: Settings) -> None:
    assert settings.FILE_UPLOAD_TEMP_DIR == settings.HOME / "reception"
    assert settings.FILE_UPLOAD_HANDLERS[-1] == "retkoop.archive.reception.SweptUploads"


def test_a_file_that_is_too_heavy_is_refused_before_it_is_looked_at() -> None:
    upload = SimpleUploadedFile("film.mp4", b"")
    upload.size = 20_000_001
    with pytest.raises(RefusedFile, match=r"^Ce fichier est trop lourd\u202f: 20 Mo au plus\.$"), received(upload, Limits()):
        pass


class TestLargeRequests:
    """A body of 400 MB is refused by what it announces: nothing of it is read."""

    @pytest.mark.django_db
    def test_it_is_told_at_once(self, client: Client, book: Book) -> None:
        answer = client.post(at(book, "home"), b"x", content_type="multipart/form-data; boundary=b", CONTENT_LENGTH="400000000")
        assert (answer.status_code, said(answer).partition(" Aller à l’accueil")[0]) == (413, TOO_LARGE)

    @pytest.mark.django_db
    def test_htmx_gets_the_sentences_alone(self, client: Client, book: Book) -> None:
        answer = client.post(at(book, "home"), b"x", content_type="text/plain", CONTENT_LENGTH="400000000", headers={"HX-Request": "true"})
        told = TOO_LARGE.removeprefix("L’envoi est trop volumineux ")
        assert (answer.status_code, answer.content.decode()) == (413, told)

    @pytest.mark.django_db
    def test_nobody_has_to_be_logged_in_to_be_refused(self) -> None:
        length = str(LARGEST_REQUEST + 1)
        assert Client().post("/connexion/", b"x", content_type="text/plain", CONTENT_LENGTH=length).status_code == 413

    @pytest.mark.django_db
    @pytest.mark.parametrize("announced", [str(LARGEST_REQUEST), "", "beaucoup"])
    def test_others_pass(self, announced: str) -> None:
        assert Client().get("/connexion/", CONTENT_LENGTH=announced).status_code == 200
