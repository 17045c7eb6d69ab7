"""What must not be restored is refused, with its reason, and nothing has changed."""

from __future__ import annotations

import fcntl
import io
import json
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyrage
import pytest
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from retkoop.upkeep.backups.exchange import exchange
from retkoop.upkeep.backups.refusals import CannotRestore
from retkoop.upkeep.backups.restoring import restore
from tests.upkeep.installations import Installation

KEY = pyrage.x25519.Identity.generate()
TORN = "Ce fichier n’est pas une sauvegarde entière de Retkoop, ou il a été altéré : rien n’a été restauré."
WRONG_KEY = "La clé de RETKOOP_BACKUP_KEY n’ouvre pas cette sauvegarde : ce n’est pas la sienne, ou le fichier a été altéré."


def refusal(content: bytes, key: str = "") -> str:
    """Return why a content is not restored, and hold that nothing is left of it."""
    with TemporaryDirectory() as folder, override_settings(BACKUP_KEY=key):
        file = Path(folder) / "a.tar"
        file.write_bytes(content)
        with pytest.raises(CannotRestore) as refused:
            restore(file, to=Path(folder) / "home", force=False, now=timezone.now())
        assert [entry.name for entry in Path(folder).iterdir()] == ["a.tar"]
    return str(refused.value)


def flipped(content: bytes, place: int, bit: int) -> bytes:
    changed = bytearray(content)
    changed[place % len(content)] ^= 1 << bit
    return bytes(changed)


@pytest.fixture(scope="session")
def content(tar: Path) -> bytes:
    return tar.read_bytes()


@pytest.fixture(scope="session")
def encrypted(content: bytes) -> bytes:
    return bytes(pyrage.encrypt(content, [KEY.to_public()]))


@dataclass
class Member:
    name: str
    content: bytes
    type: bytes = tarfile.REGTYPE


def members_of(content: bytes) -> list[Member]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return [Member(info.name, archive.extractfile(info).read()) for info in archive]  # type: ignore[union-attr]  # plain files


def repacked(members: list[Member]) -> bytes:
    """Forge a backup of other members, its seal in order."""
    packed = io.BytesIO()
    for member in members:
        info = tarfile.TarInfo(member.name)
        info.size, info.type, info.linkname = len(member.content), member.type, "/etc/passwd" if member.type != tarfile.REGTYPE else ""
        packed.write(info.tobuf(tarfile.GNU_FORMAT) + member.content + bytes(-info.size % 512))
    packed.write(bytes(1024))
    return packed.getvalue() + f"retkoop sha256 {sha256(packed.getvalue()).hexdigest()}\n".encode()


def with_manifest(content: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    *others, manifest = members_of(content)
    said = json.loads(manifest.content)
    change(said)
    return repacked([*others, Member(manifest.name, json.dumps(said).encode())])


@given(place=st.integers(0, 2**40), bit=st.integers(0, 7))
def test_one_flipped_bit_anywhere_is_refused(content: bytes, place: int, bit: int) -> None:
    assert refusal(flipped(content, place, bit)) == TORN


@pytest.mark.parametrize("place", [0, 100, 124, 257, 512, -1, -2, -40, -66, -80, -81, -600, -1500])
def test_also_in_heads_paddings_and_the_seal(content: bytes, place: int) -> None:
    assert [refusal(flipped(content, place, bit)) for bit in range(8)] == [TORN] * 8


@given(place=st.integers(0, 2**40), bit=st.integers(0, 7))
def test_one_flipped_bit_of_an_encrypted_backup_is_refused(encrypted: bytes, place: int, bit: int) -> None:
    assert refusal(flipped(encrypted, place, bit), str(KEY)) in {TORN, WRONG_KEY}


@given(st.data())
def test_a_cut_backup_is_refused(content: bytes, data: st.DataObject) -> None:
    assert refusal(content[: data.draw(st.integers(0, len(content) - 1))]) == TORN


def test_what_comes_after_the_seal_is_refused(content: bytes, encrypted: bytes) -> None:
    assert [refusal(content + b"\n"), refusal(content + content), refusal(encrypted + b"a", str(KEY))] == [TORN] * 3


def test_any_other_file_is_refused() -> None:
    assert [refusal(some) for some in (b"", b"PK\x03\x04 a zip", bytes(10_240))] == [TORN] * 3


def test_an_encrypted_backup_asks_for_its_key(encrypted: bytes) -> None:
    assert refusal(encrypted) == "Cette sauvegarde est chiffrée : indiquez sa clé dans RETKOOP_BACKUP_KEY."
    assert refusal(encrypted, str(pyrage.x25519.Identity.generate())) == WRONG_KEY
    sentence = "RETKOOP_BACKUP_KEY n’est pas une clé : elle commence par AGE-SECRET-KEY-1, comme l’écrit age-keygen."
    assert refusal(encrypted, "ouvre-toi") == sentence


def test_a_plain_backup_needs_no_key(tar: Path, tmp_path: Path) -> None:
    with override_settings(BACKUP_KEY=str(KEY)):
        assert restore(tar, to=tmp_path / "home", force=False, now=timezone.now()).counts["documents"] == 4


def test_two_restorations_of_the_same_second_keep_both_folders(tar: Path, tmp_path: Path) -> None:
    now, home = timezone.now(), tmp_path / "home"
    restore(tar, to=home, force=False, now=now)
    first, second = (restore(tar, to=home, force=True, now=now).aside for _ in range(2))
    assert first is not None
    assert second == first.with_name(f"{first.name}-2")
    assert sorted(tmp_path.iterdir()) == [home, first, first.with_name(f"{first.name}-2")]


@pytest.mark.parametrize(
    "member",
    [
        Member("../evil", b"a"),
        Member("/tmp/evil", b"a"),  # noqa: S108 -- it must not be written
        Member("documents/../../evil", b"a"),
        Member("documents/ab/" + "cd" * 32, b"a"),
        Member("documents/ca/ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afe48bc", b"a"),
        Member("documents/fb/fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603", b"a"),
        Member("retkoop.sqlite3", b"a second one"),
        Member("retkoop.pgdump", b"told by no manifest"),
        Member("secret-key", b"", tarfile.SYMTYPE),
        Member("secret-key", b"", tarfile.LNKTYPE),
        Member("documents/", b"", tarfile.DIRTYPE),
        Member("secret-key", b"", tarfile.CHRTYPE),
        Member("secret-key", b"", tarfile.FIFOTYPE),
        Member("secret-key", b"a" * 100, tarfile.GNUTYPE_LONGNAME),
        Member("secret-key", b"13 path=../evi\n", tarfile.XHDTYPE),
    ],
    ids=lambda member: f"{member.name[-20:]} {member.type.decode()}",
)
def test_a_forged_member_is_refused(content: bytes, member: Member) -> None:
    first, *others = members_of(content)
    assert refusal(repacked([first, member, *others])) == TORN
    assert refusal(repacked([member, first, *others])) == TORN


def test_what_a_manifest_must_say(content: bytes) -> None:
    assert refusal(repacked(members_of(content)[:-1])) == TORN
    assert refusal(repacked([*members_of(content)[:-1], Member("manifest.json", b"[1]")])) == TORN
    assert refusal(with_manifest(content, lambda said: said.pop("made_at"))) == TORN
    assert refusal(with_manifest(content, lambda said: said["sha256"].clear())) == TORN
    assert refusal(with_manifest(content, lambda said: said["sha256"].update({"secret-key": "0" * 64}))) == TORN
    assert refusal(with_manifest(content, lambda said: said["counts"].update(documents=9))) == TORN


def test_a_newer_format_asks_for_a_newer_retkoop(content: bytes) -> None:
    sentence = "Cette sauvegarde a été faite par une version plus récente de Retkoop : installez-la d’abord."
    assert refusal(with_manifest(content, lambda said: said.update(format=2))) == sentence


def test_a_document_that_the_database_names_must_be_there(content: bytes) -> None:
    left_out = next(member for member in members_of(content) if member.name.startswith("documents/"))
    digest = left_out.name[-64:]
    forged = repacked([member for member in members_of(content) if member.name != left_out.name])
    assert refusal(forged) == f"Il manque des documents à cette sauvegarde, rien n’a été restauré : {digest}…"


def test_a_database_that_is_none_is_refused(content: bytes) -> None:
    database, *others = members_of(content)
    database.content = b"SQLite format 3\x00" + bytes(4096)
    forged = with_manifest(
        repacked([database, *others]), lambda said: said["sha256"].update({database.name: sha256(database.content).hexdigest()})
    )
    assert refusal(forged).startswith("La base de cette sauvegarde est illisible, rien n’a été restauré : ")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CannotRestore) as refused:
        restore(tmp_path / "none.tar", to=tmp_path / "home", force=False, now=timezone.now())
    assert str(refused.value) == f"Rien n’a été restauré : ce fichier ou ce dossier n’existe pas ({tmp_path / 'none.tar'})."


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A data folder in which somebody works."""
    home = tmp_path / "home"
    (home / "sauvegardes").mkdir(parents=True)
    (home / "sauvegardes/retkoop-2026-01-01-000000.tar").write_bytes(b"older")
    (home / "retkoop.sqlite3").write_bytes(b"in use")
    return home


def test_a_folder_that_holds_something_is_left_alone(tar: Path, place: Path) -> None:
    with pytest.raises(CannotRestore) as refused:
        restore(tar, to=place, force=False, now=timezone.now())
    assert str(refused.value) == f"{place} n’est pas vide. Indiquez un autre dossier, ou ajoutez --force : l’ancien sera gardé à part."
    assert (place / "retkoop.sqlite3").read_bytes() == b"in use"


def test_force_keeps_the_old_one_aside_and_the_backups_in_place(tar: Path, place: Path, original: Installation) -> None:
    aside = restore(tar, to=place, force=True, now=timezone.now()).aside
    assert aside is not None
    assert (aside.parent, aside.name.startswith("home-avant-20")) == (place.parent, True)
    assert (aside / "retkoop.sqlite3").read_bytes() == b"in use"
    assert (place / "sauvegardes/retkoop-2026-01-01-000000.tar").read_bytes() == b"older"
    assert Installation(place).rows() == original.rows()


def test_a_folder_that_only_holds_a_key_and_backups_is_empty(tar: Path, place: Path) -> None:
    (place / "retkoop.sqlite3").unlink()
    (place / "secret-key").write_text("drawn a moment ago")
    assert restore(tar, to=place, force=False, now=timezone.now()).aside is None
    assert sorted(entry.name for entry in place.parent.iterdir()) == ["home"]
    assert (place / "sauvegardes/retkoop-2026-01-01-000000.tar").read_bytes() == b"older"
    assert (place / "secret-key").read_text() != "drawn a moment ago"


def test_a_folder_where_retkoop_is_open_is_left_alone(tar: Path, place: Path) -> None:
    with (place / ".en-service").open("wb") as mark:
        fcntl.flock(mark, fcntl.LOCK_SH)
        with pytest.raises(CannotRestore) as refused:
            restore(tar, to=place, force=True, now=timezone.now())
    assert str(refused.value) == f"Retkoop est ouvert sur {place} : fermez-le d’abord (retkoop serve, retkoop worker)."
    restore(tar, to=place, force=True, now=timezone.now())


def test_a_file_is_no_folder(tar: Path) -> None:
    with pytest.raises(CannotRestore) as refused:
        restore(tar, to=tar, force=True, now=timezone.now())
    assert str(refused.value) == f"{tar} est un fichier, pas un dossier."


def test_a_volume_cannot_be_replaced(tar: Path) -> None:
    with pytest.raises(CannotRestore) as refused:
        restore(tar, to=Path("/proc"), force=True, now=timezone.now())
    sentence = "/proc est un volume à lui seul, qui ne peut pas être remplacé d’un coup : indiquez un dossier dans ce volume."
    assert str(refused.value) == sentence


def test_only_its_owner_reads_what_is_restored(tar: Path, tmp_path: Path) -> None:
    restore(tar, to=tmp_path / "home", force=False, now=timezone.now())
    assert [oct(path.stat().st_mode)[-3:] for path in (tar, tmp_path / "home", tmp_path / "home/secret-key")] == ["600", "700", "600"]


VALUES: tuple[object, ...] = (None, 0, -1, "", "x", [], {}, [1], {"x": 1}, 1.5, True, "2026-01-01T00:00:00")


FITTING = [("missing", []), ("altered", {}), ("format", 0), ("format", -1)]
"""What ours could say as well."""


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_manifest_that_says_anything_else_is_refused(content: bytes, value: object) -> None:
    """The seal is no secret: whoever forges a backup makes one that fits."""
    said: dict[str, Any] = json.loads(members_of(content)[-1].content)
    names = [name for name, told in said.items() if told != value and (name, value) not in FITTING]
    told = {name: refusal(with_manifest(content, lambda forged: forged.update({name: value}))) for name in names}  # noqa: B023 -- called at once
    assert told == dict.fromkeys(names, TORN)


def test_what_a_manifest_counts_is_what_the_database_holds(content: bytes) -> None:
    assert refusal(with_manifest(content, lambda said: said["counts"].update(operations=1_000_000))) == TORN


def test_a_folder_of_backups_that_is_a_link_stays_one(tar: Path, place: Path, tmp_path: Path, original: Installation) -> None:
    (tmp_path / "disk").mkdir()
    (place / "sauvegardes/retkoop-2026-01-01-000000.tar").rename(tmp_path / "disk/older.tar")
    (place / "sauvegardes").rmdir()
    (place / "sauvegardes").symlink_to("../disk")
    restore(tar, to=place, force=True, now=timezone.now())
    assert (place / "sauvegardes").is_symlink()
    assert (place / "sauvegardes/older.tar").exists()
    assert Installation(place).rows() == original.rows()


def test_folders_change_names_in_one_step(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    exchange(tmp_path / "a", tmp_path / "b")
    assert [(tmp_path / "a/b").exists(), (tmp_path / "b/a").exists()] == [True, True]
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "a", tmp_path / "none")


@pytest.mark.parametrize("name", ["home-avant-2026-01-01-000000", "home-en-cours"])
def test_where_a_restoration_was_cut_short_nothing_begins_anew(original: Installation, tmp_path: Path, name: str) -> None:
    left = tmp_path / name
    shutil.copytree(original.home, left)
    home = Installation(tmp_path / "home")
    done = home.run("verify")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{home.home} est vide, mais {left} contient des données")
    assert not (home.home / "retkoop.sqlite3").exists()
