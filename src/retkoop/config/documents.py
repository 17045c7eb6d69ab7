"""Where documents are stored: a folder of this installation, or S3-compatible storage."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit


def documents_storage(url: str, home: Path) -> dict[str, object]:
    """Return Django's storage for RETKOOP_DOCUMENTS_URL (`s3://bucket/folder`), the folder `documents` where none is given.

    Raises ValueError for any other address.
    """
    if not url:
        return {
            "BACKEND": "retkoop.archive.storage.DurableFileSystemStorage",
            "OPTIONS": {"location": home / "documents", "allow_overwrite": True},
        }
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc:
        raise ValueError(f"RETKOOP_DOCUMENTS_URL: {url!r} is no s3://bucket/folder")
    reached = s3_access()
    options = {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "file_overwrite": True,
        "querystring_auth": True,
        "endpoint_url": reached["endpoint_url"],
        "access_key": reached["aws_access_key_id"],
        "secret_key": reached["aws_secret_access_key"],
        "region_name": reached["region_name"],
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def s3_access() -> dict[str, str | None]:
    """Return how S3-compatible storage is reached, for documents and for backups, as boto3 takes it (RETKOOP_S3_…)."""
    return {
        "endpoint_url": os.environ.get("RETKOOP_S3_ENDPOINT") or None,
        "aws_access_key_id": os.environ.get("RETKOOP_S3_KEY") or None,
        "aws_secret_access_key": os.environ.get("RETKOOP_S3_SECRET") or None,
        "region_name": os.environ.get("RETKOOP_S3_REGION") or None,
    }
