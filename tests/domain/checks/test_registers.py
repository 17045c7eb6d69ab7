from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from retkoop.domain.checks.finding import Place, Remark
from retkoop.domain.checks.registers import good_not_listed, grant_not_justified, grant_not_tabled, spent_on_something_else, table_differs
from retkoop.domain.registers import DurablePurchase, Grant, Registers
from tests.domain.checks.speaking import DIRECT, remarks, said

CAMERA: Final = DurablePurchase(4, "D04", "Appareil photo", 300_00, 0)
GRANT: Final = Grant(3, "R02", "Mairie", 300_00)
TABLED: Final = replace(GRANT, tabled=300_00)


def holding(*grants: Grant) -> Registers:
    return Registers(grants=grants)


class TestInventory:
    def test_a_good_is_not_listed(self) -> None:
        message = "La pièce D04 achète un bien durable (300,00 €) qui n’est pas à l’inventaire."
        expected = Remark(message, "L’inscrire à l’inventaire", Place.INVENTORY, 4, "D04")
        assert remarks(good_not_listed, Registers((CAMERA,))) == [expected]

    def test_a_part_of_it_is_listed(self) -> None:
        message = "L’opération « Appareil photo » achète pour 300,00 € de biens durables : l’inventaire n’en porte que 120,00 €."
        assert said(good_not_listed, Registers((replace(CAMERA, piece="", listed=120_00),))) == [message]

    def test_the_totals_of_a_year_buy_nothing_themselves(self) -> None:
        whole, some = replace(CAMERA, piece="TOT"), replace(CAMERA, piece="TOT", listed=120_00)
        assert said(good_not_listed, Registers((whole,))) == [
            "Les totaux de l’année comptent 300,00 € de biens durables (680) qui ne sont pas à l’inventaire."
        ]
        assert said(good_not_listed, Registers((some,))) == [
            "L’année achète pour 300,00 € de biens durables : l’inventaire n’en porte que 120,00 €."
        ]

    def test_many_are_told_together(self) -> None:
        message = "6 achats de biens durables ne sont pas, ou pas entièrement, à l’inventaire."
        many = tuple(replace(CAMERA, operation=key) for key in range(6))
        assert remarks(good_not_listed, Registers(many)) == [Remark(message, "Compléter l’inventaire", Place.INVENTORY)]
        assert len(remarks(good_not_listed, Registers(many[:5]))) == 5

    def test_all_of_it_is_listed(self) -> None:
        assert said(good_not_listed, Registers((replace(CAMERA, listed=300_00), replace(CAMERA, amount=-20_00)))) == []


class TestTable:
    def test_a_subsidy_is_not_in_the_table(self) -> None:
        message = "La pièce R02 est une subvention de 300,00 € qui n’est pas dans le tableau des subventions."
        expected = Remark(message, "L’ajouter au tableau", Place.SUBSIDIES, 3, "R02")
        assert remarks(grant_not_tabled, holding(GRANT)) == [expected]

    def test_many_are_told_together(self) -> None:
        message = "6 subventions ne sont pas dans le tableau des subventions."
        many = [replace(GRANT, operation=key) for key in range(6)]
        assert remarks(grant_not_tabled, holding(*many)) == [Remark(message, "Compléter le tableau", Place.SUBSIDIES)]
        assert len(remarks(grant_not_tabled, holding(*many[:5]))) == 5

    def test_a_subsidy_in_the_table_or_paid_back_owes_nothing(self) -> None:
        assert said(grant_not_tabled, holding(TABLED, replace(GRANT, received=-80_00))) == []

    def test_the_table_says_another_amount_than_the_book(self) -> None:
        message = "Le tableau des subventions note 250,00 € pour la pièce R02, le cahier 300,00 €."
        expected = Remark(message, "Voir le tableau", Place.SUBSIDIES, 3, "R02")
        assert remarks(table_differs, holding(replace(GRANT, tabled=250_00))) == [expected]

    def test_the_operation_has_no_number_or_is_gone(self) -> None:
        gone = replace(TABLED, operation=None, piece=None, received=0)
        assert said(table_differs, holding(replace(TABLED, piece="", received=250_00), gone)) == [
            "Le tableau des subventions note 300,00 € pour l’opération « Mairie », le cahier 250,00 €.",
            "Le tableau des subventions note 300,00 € de « Mairie », mais l’opération n’est plus dans le cahier.",
        ]

    def test_the_table_agrees_or_says_nothing(self) -> None:
        assert said(table_differs, holding(TABLED, GRANT)) == []


class TestSpending:
    def test_it_paid_what_is_no_charge_any_more(self) -> None:
        message = "La subvention de « Mairie », pièce R02 aurait payé 40,00 € que le cahier n’explique plus : revoyez ses dépenses."
        expected = Remark(message, "Revoir ses dépenses", Place.SUBSIDIES, 3, "R02")
        assert remarks(spent_on_something_else, holding(replace(TABLED, astray=40_00))) == [expected]

    def test_nobody_is_named_where_nobody_is_known(self) -> None:
        message = "La subvention de « organisme non précisé » aurait payé 1,00 € que le cahier n’explique plus : revoyez ses dépenses."
        assert said(spent_on_something_else, holding(replace(TABLED, body=" ", piece=" ", astray=1_00))) == [message]

    def test_totals_do_not_explain_it(self) -> None:
        message = (
            "La subvention de «\u202fMairie\u202f», pièce R02 aurait payé 40,00\u202f€ que vos totaux n’expliquent pas\u202f: "
            "revoyez ses dépenses."
        )
        assert said(spent_on_something_else, holding(replace(TABLED, astray=40_00)), DIRECT) == [message]

    def test_the_table_is_held_against_the_step(self) -> None:
        message = "Le tableau des subventions note 300,00\u202f€ pour la pièce R02, l’étape des subventions 250,00\u202f€."
        assert said(table_differs, holding(replace(TABLED, received=250_00)), DIRECT) == [message]

    def test_all_of_it_is_explained(self) -> None:
        assert said(spent_on_something_else, holding(TABLED)) == []


class TestJustifying:
    def test_the_report_is_late_from_the_day_after_on(self) -> None:
        message = "La subvention de « Mairie », pièce R02 devait être justifiée au plus tard le 28 février 2027."
        late = replace(TABLED, justify_before=date(2027, 2, 28))
        expected = Remark(message, "Préparer le compte rendu", Place.SUBSIDIES, 3, "R02", since=date(2027, 3, 1))
        assert remarks(grant_not_justified, holding(late)) == [expected]

    def test_it_is_sent_or_nobody_waits_for_it(self) -> None:
        sent = replace(TABLED, justify_before=date(2027, 2, 28), justified_on=date(2027, 2, 1))
        assert said(grant_not_justified, holding(sent, TABLED)) == []
