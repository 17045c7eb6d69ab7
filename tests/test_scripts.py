"""The two commands of the README on machines that lack something: what they say, and that they change nothing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.sources import ROOT

TOOLS = ("bash", "cat", "cksum", "dirname", "env", "grep", "id", "readlink", "rm")
OPENING = "▸ Installation de Retkoop dans .venv (une minute environ la première fois)…\n"


class Machine:
    """A clone of the scripts, and a PATH that holds a Python of our choice and no apt."""

    def __init__(self, folder: Path, python: str) -> None:
        self.clone = folder / "clone"
        shutil.copytree(ROOT / "script", self.clone / "script")
        for name in ("pyproject.toml", "uv.lock"):
            shutil.copy(ROOT / name, self.clone)
        self.programs = folder / "programs"
        self.programs.mkdir()
        for tool in TOOLS:
            (self.programs / tool).symlink_to(str(shutil.which(tool)))
        stub = self.programs / "python3"
        stub.write_text(f"#!/bin/sh\n{python}\n", encoding="utf-8")
        stub.chmod(0o755)

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command: list[str | Path] = [self.clone / "script" / script, *arguments]
        return subprocess.run(command, env={"PATH": str(self.programs)}, cwd="/", capture_output=True, text=True, check=False)


@pytest.mark.parametrize("script", ["run", "test"])
def test_python_too_old(tmp_path: Path, script: str) -> None:
    machine = Machine(tmp_path, python="exit 1")
    done = machine.run(script)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"{OPENING}✗ Retkoop demande Python 3.11 ou plus récent (Debian 12, Ubuntu 24.04 et suivants le portent).\n"
        "  Lancez cette commande, puis recommencez :\n    sudo apt-get install python3 python3-venv\n"
    )
    assert not (machine.clone / ".venv").exists()


def test_venv_module_missing_without_the_right_to_install(tmp_path: Path) -> None:
    machine = Machine(tmp_path, python='case "$*" in *ensurepip*) exit 1 ;; *print*) echo 3.12 ;; esac')
    done = machine.run("run")
    assert done.returncode == 1
    assert done.stderr == (
        f"{OPENING}✗ Le module venv de Python manque.\n"
        "  Lancez cette commande, puis recommencez :\n    sudo apt-get install python3.12-venv\n"
    )
    assert not (machine.clone / ".venv").exists()


def test_network_out_of_reach(tmp_path: Path) -> None:
    # The .venv that is made holds a Python that always fails, as pip does without a network.
    make = (
        'case "$*" in "-m venv"*) mkdir -p .venv/bin; printf "#!/bin/sh\\nexit 1\\n" >.venv/bin/python; chmod +x .venv/bin/python ;; esac'
    )
    machine = Machine(tmp_path, python=f"PATH=/usr/bin:/bin\n{make}")
    done = machine.run("run")
    assert done.returncode == 1
    assert done.stderr == (
        f"{OPENING}✗ Le téléchargement a échoué. Vérifiez la connexion (et HTTPS_PROXY derrière un proxy), puis recommencez.\n"
    )


def test_wrong_usage(tmp_path: Path) -> None:
    done = Machine(tmp_path, python="exit 0").run("install", "--fast")
    assert (done.returncode, done.stderr) == (2, "▸ Usage : script/install [--dev]\n")
