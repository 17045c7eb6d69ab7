from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from retkoop.network.management.commands import create_staff as command
from retkoop.network.models import Role, RoleKind
from retkoop.users.models import User
from tests.cast import PASSWORD, association


def test_create_staff_gives_a_link(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_staff", "a.durand", "--name", "Adèle Durand", "--kind", "administrateur", "--ad", "91", "--email", "a@occe.coop")
    assert capsys.readouterr().out.startswith("http://127.0.0.1:8000/activation/")
    role = Role.objects.get(user__username="a.durand")
    assert (role.kind, role.association, role.user.name, role.user.email) == (
        RoleKind.ADMINISTRATEUR,
        association(),
        "Adèle Durand",
        "a@occe.coop",
    )


def test_create_staff_asks_for_a_password_until_it_is_a_good_one(
    db: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter(["trop court", PASSWORD])
    monkeypatch.setattr(command, "getpass", lambda _: next(typed))
    call_command("create_staff", "fanny", "--name", "Fanny Roy", "--kind", "federation", "--ask-password")
    told = capsys.readouterr()
    assert told.out == "Le compte fanny est prêt.\n"
    assert told.err == "Choisissez au moins 16 caractères\u202f: quelques mots mis bout à bout conviennent très bien.\n"
    assert User.objects.get(username="fanny").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        (["--kind", "animateur"], "Indiquez --ad pour un rôle dans une association, et seulement pour lui."),
        (["--kind", "federation", "--ad", "91"], "Indiquez --ad pour un rôle dans une association, et seulement pour lui."),
        (["--kind", "animateur", "--ad", "99"], "Aucune association départementale ne porte le numéro 99."),
    ],
)
def test_create_staff_refuses(db: None, capsys: pytest.CaptureFixture[str], options: list[str], refusal: str) -> None:
    with pytest.raises(SystemExit) as stop:
        call_command("create_staff", "bob", "--name", "Bob", *options)
    assert (stop.value.code, capsys.readouterr().err, User.objects.count()) == (1, f"{refusal}\n", 0)


def test_create_staff_refuses_an_identifier_that_is_taken(bob: User, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("create_staff", "bob", "--name", "Bob bis", "--kind", "animateur", "--ad", "91")
    assert capsys.readouterr().err == "L’identifiant bob est déjà pris.\n"


def test_create_staff_knows_its_roles(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("create_staff", "bob", "--name", "Bob", "--kind", "roi")
