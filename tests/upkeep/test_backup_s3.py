"""Backups that are sent to S3-compatible storage, and documents that are stored there, against a real server of that protocol."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.utils import timezone
from moto.server import ThreadedMotoServer
from pytest_django.fixtures import Settings

from retkoop.upkeep.backups.making import make_backup
from retkoop.upkeep.backups.places import back_up
from retkoop.upkeep.backups.refusals import CannotBackUp
from tests.cast import make_coop
from tests.upkeep.installations import CONTENTS, add_document

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.only_on("sqlite")]

BUCKET = "sauvegardes"

Bucket = Any  # boto3 makes its classes as it runs


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def access(server: str) -> dict[str, str]:
    return {
        "endpoint_url": server,
        "aws_access_key_id": "key",
        "aws_secret_access_key": "secret",
        "region_name": "us-east-1",
    }


@pytest.fixture
def bucket(access: dict[str, str], settings: Settings, tmp_path: Path) -> Iterator[Bucket]:
    """A bucket of its own for each test, that the settings name."""
    settings.HOME, settings.BACKUP_FOLDER = tmp_path, tmp_path / "sauvegardes"
    settings.BACKUP_S3, settings.S3_ACCESS = f"s3://{BUCKET}/occe/91", access
    bucket = boto3.resource("s3", **access).Bucket(BUCKET)
    bucket.create()
    yield bucket
    bucket.objects.delete()
    bucket.delete()


def names(bucket: Bucket) -> list[str]:
    return [entry.key for entry in bucket.objects.all()]


def test_a_backup_is_sent(bucket: Bucket) -> None:
    backup = back_up(at=timezone.now())
    assert names(bucket) == [f"occe/91/{backup.file.name}"]
    assert bucket.Object(f"occe/91/{backup.file.name}").get()["Body"].read() == backup.file.read_bytes()


def test_old_ones_go_and_nothing_else_does(bucket: Bucket, settings: Settings) -> None:
    settings.BACKUPS_KEPT = (1, 1)
    others = ["occe/91/photos.tar", "occe/91/retkoop-2026-01-01-000000.tar.gz", "occe/91/old/retkoop-2026-01-01-000000.tar", "occe/92"]
    for name in [*others, "occe/91/retkoop-2026-01-01-000000.tar", "occe/91/retkoop-2026-01-02-000000.tar.age"]:
        bucket.put_object(Key=name, Body=b"")
    backup = back_up(at=timezone.now())
    assert sorted(names(bucket)) == sorted([*others, f"occe/91/{backup.file.name}"])


def test_without_a_prefix_too(bucket: Bucket, settings: Settings) -> None:
    settings.BACKUP_S3 = f"s3://{BUCKET}"
    assert names(bucket) == []
    backup = back_up(at=timezone.now())
    assert names(bucket) == [backup.file.name]


def test_a_bucket_that_is_not_there_is_told_and_the_file_is_kept(bucket: Bucket, settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_S3 = "s3://nowhere"
    with pytest.raises(CannotBackUp) as refused:
        back_up(at=timezone.now())
    assert str(refused.value).startswith("La sauvegarde est faite, mais n’a pas pu être envoyée à s3://nowhere : ")
    assert len(list((tmp_path / "sauvegardes").iterdir())) == 1


def test_a_server_that_does_not_answer_is_told(bucket: Bucket, settings: Settings) -> None:
    settings.S3_ACCESS = {**settings.S3_ACCESS, "endpoint_url": "http://127.0.0.1:9"}
    with pytest.raises(CannotBackUp) as refused:
        back_up(at=timezone.now())
    assert "n’a pas pu être envoyée à s3://sauvegardes/occe/91" in str(refused.value)


def test_documents_that_are_stored_there_are_in_the_backup(
    bucket: Bucket, settings: Settings, access: dict[str, str], tmp_path: Path
) -> None:
    options = {
        "bucket_name": BUCKET,
        "location": "documents",
        "endpoint_url": access["endpoint_url"],
        "access_key": "key",
        "secret_key": "secret",
        "region_name": "us-east-1",
    }
    settings.STORAGES = {**settings.STORAGES, "documents": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}}
    coop = make_coop()
    for content in CONTENTS:
        add_document(coop, content)
    backup = make_backup(tmp_path / "backups", at=timezone.now())
    with tarfile.open(backup.file) as archive:
        packed = [archive.extractfile(info) for info in archive if info.name.startswith("documents/")]
        assert sorted(file.read() for file in packed if file) == sorted(CONTENTS)
    assert (backup.counts["documents"], backup.missing, backup.altered) == (4, [], {})
