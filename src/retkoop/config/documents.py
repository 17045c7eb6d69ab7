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
    options = {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "file_overwrite": True,
        "querystring_auth": True,
        **s3_options(),
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def s3_options() -> dict[str, str | None]:
    """Return how S3-compatible storage is reached: RETKOOP_S3_ENDPOINT, _KEY, _SECRET, _REGION."""
    return {
        "endpoint_url": os.environ.get("RETKOOP_S3_ENDPOINT"),
        "access_key": os.environ.get("RETKOOP_S3_KEY"),
        "secret_key": os.environ.get("RETKOOP_S3_SECRET"),
        "region_name": os.environ.get("RETKOOP_S3_REGION"),
    }
