"""The two processes: what the server gives to the one that opens files, and what it makes of its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

import pytest
from pytest_django import Settings

from retkoop.archive.cleaning import Limits, RefusedFile, cleaned, receive, refusals
from tests.archive.cleaning.corpus import SAMPLES, clean, invoice, picture

TOO_HEAVY = "Ce fichier est trop lourd à ouvrir. Photographiez le document, ou imprimez-le en PDF, puis envoyez le résultat."
CHILD = (sys.executable, "-m", "retkoop.archive.cleaning.child")


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    file = tmp_path / "sent"
    file.write_bytes(invoice())
    return file


def test_digests_are_those_of_what_was_sent_and_of_what_is_kept(sent: Path) -> None:
    with cleaned(sent, Limits()) as about:
        content = about.content.read_bytes()
    assert (about.source_digest, about.digest) == (sha256(invoice()).hexdigest(), sha256(content).hexdigest())


def test_nothing_stays_behind_and_what_was_sent_is_left_alone(sent: Path) -> None:
    with cleaned(sent, Limits()) as about:
        folder = about.content.parent
        assert sorted(file.name for file in folder.iterdir()) == ["answer.json", "content"]
    assert (folder.exists(), sent.read_bytes()) == (False, invoice())


def test_nothing_stays_behind_of_what_is_refused(sent: Path, tmp_path: Path, settings: Settings) -> None:
    settings.HOME = tmp_path / "home"
    sent.write_bytes(invoice()[:-40])
    with pytest.raises(RefusedFile), cleaned(sent, Limits()):
        pass
    assert list((tmp_path / "home" / "reception").iterdir()) == []


def test_what_a_kill_9_left_is_swept_by_the_next(sent: Path, tmp_path: Path, settings: Settings) -> None:
    settings.HOME = tmp_path / "home"
    code = (
        "import os, signal, sys, pathlib; from django.conf import settings; from retkoop.archive.cleaning import Limits, cleaned;"
        "settings.configure(HOME=pathlib.Path(sys.argv[1]));"
        "held = cleaned(pathlib.Path(sys.argv[2]), Limits()); held.__enter__(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    place = tmp_path / "home" / "reception"
    with cleaned(sent, Limits()) as mine:
        killed = subprocess.run([sys.executable, "-c", code, str(settings.HOME), str(sent)], check=False)
        assert (killed.returncode, len(list(place.iterdir()))) == (-signal.SIGKILL, 2)
        with cleaned(sent, Limits()) as again:
            assert set(place.iterdir()) == {mine.content.parent, again.content.parent}
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_the_same_file_twice_is_the_same_file(kind: str) -> None:
    once, again = clean(SAMPLES[kind]()), clean(SAMPLES[kind]())
    assert (once.about.digest, once.about.source_digest) == (again.about.digest, again.about.source_digest)


def test_one_that_takes_too_long_is_refused(sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive, "_PATIENCE", 0.001)
    with pytest.raises(RefusedFile) as refused, cleaned(sent, Limits()):
        pass
    assert str(refused.value) == TOO_HEAVY


def run(*arguments: str | int | Path, before: str = "") -> int:
    """Start the process by hand, in a shell that has done something before."""
    command = " ".join((f"{before} exec", *CHILD, *map(str, arguments)))
    return subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False).returncode


def test_the_processor_is_counted(tmp_path: Path) -> None:
    (tmp_path / "sent").write_bytes(picture("PNG"))
    ended = run("clean", tmp_path / "sent", tmp_path, "PNG", 30, before="ulimit -t 0;")
    assert ended in {-signal.SIGKILL, -signal.SIGXCPU}


@pytest.mark.parametrize("file", ["content", "answer.json"])
@pytest.mark.parametrize("kind", ["PDF", "JPEG", "PNG"])
def test_a_full_disk_is_told(tmp_path: Path, kind: str, file: str) -> None:
    (tmp_path / "sent").write_bytes(SAMPLES[kind]())
    (tmp_path / file).symlink_to("/dev/full")
    assert run("clean", tmp_path / "sent", tmp_path, kind, 30) == refusals.EXIT_NO_ROOM


def test_each_end_has_its_sentence() -> None:
    with pytest.raises(RefusedFile, match=r"^Le serveur n’a plus de place pour préparer ce fichier\. Réessayez plus tard\.$"):
        raise receive.refusal_for(refusals.EXIT_NO_ROOM)
    assert [str(receive.refusal_for(code)) for code in (-signal.SIGKILL, refusals.EXIT_TOO_HEAVY, 1)] == [TOO_HEAVY] * 3


def test_it_knows_neither_django_nor_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETKOOP_SECRET_KEY", "secret")
    told = "import sys, os, retkoop.archive.cleaning.child as c, retkoop.archive.cleaning.pdfs, retkoop.archive.cleaning.images; "
    told += "print('django' in sys.modules, 'RETKOOP_SECRET_KEY' in os.environ)"
    given = receive.passed_on()
    done = subprocess.run([sys.executable, "-P", "-c", told], env=given, capture_output=True, text=True, check=True)
    assert (done.stdout.split(), "RETKOOP_SECRET_KEY" in os.environ) == (["False", "False"], True)


def test_a_crowd_is_told_to_come_back_and_holds_no_thread(sent: Path) -> None:
    with ExitStack() as crowd:
        for _ in range(8):
            crowd.enter_context(cleaned(sent, Limits()))
        with pytest.raises(RefusedFile) as refused, cleaned(sent, Limits()):
            pass
        assert str(refused.value) == "Beaucoup de fichiers arrivent en ce moment. Réessayez dans une minute."
    with cleaned(sent, Limits()) as about:
        assert about.pages == 2
