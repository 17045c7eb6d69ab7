"""Where backups are kept, and for how long: a folder, and S3-compatible storage where the settings name one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from retkoop.upkeep.backups.making import Backup, make_backup
from retkoop.upkeep.backups.names import outdated
from retkoop.upkeep.backups.refusals import CannotBackUp, reason_of


def back_up(*, at: datetime) -> Backup:
    """Make the backup that the settings ask for, send it where they say, and discard those that have had their time.

    Raises CannotBackUp: also where the file is in the folder but could not be sent.
    """
    backup = make_backup(settings.BACKUP_FOLDER, at=at)
    rotate(settings.BACKUP_FOLDER)
    if settings.BACKUP_S3:
        _send(backup.file, settings.BACKUP_S3)
    return backup


def rotate(folder: Path) -> None:
    """Discard the backups of a folder that have had their time, and nothing else. Raises CannotBackUp."""
    last, nights = settings.BACKUPS_KEPT
    try:
        for name in outdated((entry.name for entry in folder.iterdir() if entry.is_file()), last=last, nights=nights):
            (folder / name).unlink(missing_ok=True)
    except OSError as trouble:
        raise CannotBackUp(f"La sauvegarde est faite, mais les anciennes ne peuvent pas être retirées : {reason_of(trouble)}.") from trouble


def _send(file: Path, address: str) -> None:
    from boto3.exceptions import Boto3Error  # noqa: PLC0415 -- slow to load, and few need it
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 -- idem

    parts = urlsplit(address)
    prefix = f"{parts.path.strip('/')}/".lstrip("/")
    try:
        client = _client()
        client.upload_file(str(file), parts.netloc, prefix + file.name)
        if client.head_object(Bucket=parts.netloc, Key=prefix + file.name)["ContentLength"] != file.stat().st_size:
            raise CannotBackUp(f"La sauvegarde est faite, mais {address} ne l’a pas reçue en entier.")
        _rotate_bucket(client, parts.netloc, prefix)
    except (Boto3Error, BotoCoreError, ClientError, ValueError) as trouble:
        raise CannotBackUp(f"La sauvegarde est faite, mais n’a pas pu être envoyée à {address} : {trouble}") from trouble


def _client() -> Any:  # noqa: ANN401 -- boto3 makes its classes as it runs
    import boto3  # noqa: PLC0415 -- slow to load, and few need it

    return boto3.client("s3", **settings.S3_ACCESS)


def _rotate_bucket(client: Any, bucket: str, prefix: str) -> None:  # noqa: ANN401 -- idem
    last, nights = settings.BACKUPS_KEPT
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, Delimiter="/")
    names = [entry["Key"].removeprefix(prefix) for page in pages for entry in page.get("Contents", ())]
    for name in outdated(names, last=last, nights=nights):
        client.delete_object(Bucket=bucket, Key=prefix + name)
