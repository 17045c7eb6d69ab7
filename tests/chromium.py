"""The screens that people have, and where Chromium is on this machine: the system's, else the one that script/test fetched.

Debian has it twice: with windows, which are drawn even where nobody looks, and without (`chromium-headless-shell`: the same engine for
a third of the processor time), which goes first.

`python -m tests.chromium` fails where there is none.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import ViewportSize

LAPTOP: Final[ViewportSize] = {"width": 1280, "height": 720}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
FETCHED = Path(__file__).resolve().parent.parent / ".venv/browsers"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

NO_SANDBOX_FOR_ROOT: Final = ("--no-sandbox",)
CALLS_NOBODY: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
NOT_SEEN: Final = (
    "PreloadTopChromeWebUI",
    "SpareRendererForSitePerProcess",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
)
"""What a window makes ready around a page, though nobody sees it without a screen: two pages of Chromium's own for each of ours."""
NOT_WANTED: Final = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
"""What Playwright puts out, said again: of a flag that comes twice, Chromium hears the last."""
FLAGS: Final = ("--disable-gpu", *NO_SANDBOX_FOR_ROOT, *CALLS_NOBODY, f"--disable-features={','.join((*NOT_SEEN, *NOT_WANTED))}")


def find_chromium() -> Path | None:
    candidates = [Path(found) for name in NAMES if (found := shutil.which(name))] + sorted(FETCHED.glob("chromium-*/chrome-linux*/chrome"))
    return next((candidate for candidate in candidates if _starts(candidate)), None)


def _starts(program: Path) -> bool:
    """Ubuntu's chromium-browser without snap is there but only says how to install it."""
    return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(find_chromium() is None)
