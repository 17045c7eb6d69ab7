"""National directory of schools (annuaire de l’éducation): the ministry’s CSV, row by row, whatever the year that published it.

Columns are known by their names, in any order: the present ones (« Annuaire de l’éducation ») and those of the files before it (« Adresse
et géolocalisation des établissements »), as labels or as identifiers. A row that is broken is told with its line, and the next one is read.
Source: data.education.gouv.fr, Licence Ouverte 2.0.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from retkoop.domain.chart import fold
from retkoop.domain.rne import InvalidRne, control_letter, has_right_letter, looks_like_rne, parse_rne


class SchoolState(StrEnum):
    """What the ministry says of a school’s existence; where it says nothing, it is open."""

    OPEN = "open"
    CLOSING = "closing"
    OPENING = "opening"
    CLOSED = "closed"


class UnreadableDirectory(ValueError):
    """The file is no directory of schools; the message says why in French."""


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """A school as the directory has it. `sector` is `public`, `privé` or empty; what the file does not say is empty."""

    uai: str
    name: str
    kind: str = ""
    sector: str = ""
    address: str = ""
    postcode: str = ""
    commune: str = ""
    academy: str = ""
    circonscription: str = ""
    email: str = ""
    phone: str = ""
    state: SchoolState = SchoolState.OPEN
    opened_on: date | None = None


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that cannot be read: the line on which it begins, and why, in French."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class StrangeRow:
    """A row that is no school of the network: an inspection, an office, or a territory without départements of ours."""

    line: int


Reading = DirectoryEntry | BrokenRow | StrangeRow

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "uai": (
        *("identifiant de l etablissement", "numero uai", "uai", "code uai", "numero d uai", "n uai", "code etablissement"),
        *("rne", "numero rne", "code rne", "n rne", "uai etablissement", "identifiant etablissement", "numero etablissement"),
        *("code uai etablissement", "numero uai etablissement", "identifiant uai", "etablissement uai"),
    ),
    "name": (
        *("nom etablissement", "nom de l etablissement", "appellation officielle", "appellation officielle uai", "nom"),
        *("libelle etablissement", "denomination", "denomination principale", "denomination principale uai", "ecole"),
    ),
    "nature": ("libelle nature", "nature uai libe", "nature libe", "libelle de la nature", "nature"),
    "type": ("type etablissement", "type d etablissement", "type de l etablissement", "type"),
    "sector": (
        *("statut public prive", "secteur public prive libe", "secteur public prive", "statut", "secteur"),
        "secteur d enseignement",
    ),
    "address": ("adresse 1", "adresse", "adresse uai", "adresse de l etablissement"),
    "postcode": ("code postal", "code postal uai", "cp"),
    "commune": ("nom commune", "libelle commune", "nom de la commune", "commune", "ville", "localite acheminement uai"),
    "academy": ("libelle academie", "nom academie", "academie"),
    "circonscription": ("nom circonscription", "libelle circonscription", "nom de la circonscription", "circonscription"),
    "email": ("mail", "email", "e mail", "courriel", "adresse mail", "mel", "adresse electronique"),
    "phone": ("telephone", "numero telephone", "numero de telephone", "tel", "numero telephone uai"),
    "state": ("etat", "etat etablissement libe", "etat etablissement", "libelle etat", "code etat etablissement"),
    "opened_on": ("date ouverture", "date d ouverture"),
}
"""How each year calls its columns, without case, accents or underscores; the first that a file has is read."""

_DELIMITERS: Final = ";,\t"
_SEPARATOR: Final = re.compile(r"\"?sep=.\"?\s*", re.IGNORECASE)
_UNDECODED: Final = "\ufffd"
_MOST_LINES: Final = 5
"""A cell may hold line ends; quotes that nobody closed are not looked for any further."""

_INSPECTION: Final = re.compile(
    r"circonscription\s+(?:d\s*['’]\s*inspection\s+)?(?:du\s+(?:1er|premier)\s+degr[ée]\s+)?(?:(?:de|du|des)\s+(?:la\s+|l\s*['’]\s*)?|d\s*['’]\s*)",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[a-z]{2,}", re.IGNORECASE)
_ISO_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_FRENCH_DAY: Final = re.compile(r"(\d\d)/(\d\d)/(\d{4})")
_KINDS: Final = {
    "ecole maternelle": "École maternelle",
    "ecole maternelle d application": "École maternelle d’application",
    "ecole de niveau elementaire": "École élémentaire",
    "ecole elementaire": "École élémentaire",
    "ecole elementaire d application": "École élémentaire d’application",
    "ecole primaire": "École primaire",
    "ecole de niveau elementaire specialisee": "École élémentaire spécialisée",
    "ecole": "École",
    "college": "Collège",
    "lycee": "Lycée",
}
_OFFICES: Final = ("service", "information et orientation", "centre d information", "inspection", "circonscription", "rectorat", "greta")
_SECTORS: Final = {"pr": "privé", "pu": "public"}
_STATES: Final = {
    **dict.fromkeys(("ferme", "fermee", "3"), SchoolState.CLOSED),
    **dict.fromkeys(("a fermer", "2"), SchoolState.CLOSING),
    **dict.fromkeys(("a ouvrir", "4"), SchoolState.OPENING),
}


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a file keeps what is wanted of it."""

    delimiter: str
    width: int
    places: Mapping[str, int]


def read_directory(lines: Iterable[str]) -> Iterator[Reading]:
    """Read the lines of a file, in their order, bytes that could not be decoded left as surrogates (`surrogateescape`).

    Raises UnreadableDirectory where no header names the schools.
    """
    numbered = enumerate(lines, 1)
    columns = None
    for _, text in numbered:
        if text.strip("\ufeff \t\r\n") and not _SEPARATOR.fullmatch(text.strip("\ufeff\r\n")):
            columns = _columns(text)
            break
    if columns is None:
        raise UnreadableDirectory("Ce fichier est vide.")
    return _readings(numbered, columns)


def _columns(header: str) -> _Columns:
    for delimiter in _DELIMITERS:
        names = [fold(name) for name in _cells(header.strip("\ufeff\r\n"), delimiter) or ()]
        found = {wanted: names.index(name) for wanted, known in _NAMES.items() for name in known[::-1] if name in names}
        if {"uai", "name"} <= found.keys():
            return _Columns(delimiter, len(names), found)
    raise UnreadableDirectory(
        "Ce fichier n’est pas l’annuaire des établissements\u202f: sa première ligne doit nommer les colonnes, dont le numéro "
        "(« Identifiant_de_l_etablissement », « UAI », « RNE ») et le nom de chaque école."
    )


def _readings(numbered: Iterator[tuple[int, str]], columns: _Columns) -> Iterator[Reading]:
    back: deque[tuple[int, str]] = deque()

    def following() -> tuple[int, str] | None:
        return back.popleft() if back else next(numbered, None)

    while (found := following()) is not None:
        number, text = found
        if not text.strip():
            continue
        cells = _cells(text.rstrip("\r\n"), columns.delimiter)
        if cells is None:
            taken: list[tuple[int, str]] = []
            while cells is None and len(taken) < _MOST_LINES and (more := following()) is not None:
                taken.append(more)
                cells = _cells("".join([text, *(line for _, line in taken)]).rstrip("\r\n"), columns.delimiter)
            if cells is None or len(cells) != columns.width:
                cells = None
                back.extendleft(reversed(taken))
        yield _reading(number, cells, columns)


def _cells(text: str, delimiter: str) -> list[str] | None:
    """Split a record; None where its quotes are not closed, or are in the wrong place."""
    if '"' not in text:
        return text.split(delimiter)
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def _reading(line: int, cells: list[str] | None, columns: _Columns) -> Reading:
    if cells is None:
        return BrokenRow(line, "ses guillemets ne sont pas fermés")
    if len(cells) != columns.width and (len(cells) < columns.width or any(map(str.strip, cells[columns.width :]))):
        return BrokenRow(line, f"elle a {len(cells)} colonne{'s' if len(cells) > 1 else ''} au lieu de {columns.width}")
    told = {name: _clean(cells[place]) for name, place in columns.places.items()}
    if _UNDECODED in told.values():
        return BrokenRow(line, "des caractères y sont illisibles")
    uai = told["uai"].upper()
    problem = _problem(uai, told["name"])
    if problem:
        return BrokenRow(line, problem)
    kind = _kind(told.get("nature", ""), told.get("type", ""))
    return StrangeRow(line) if kind is None or not _is_ours(uai) else _entry(uai, kind, told)


def _problem(uai: str, name: str) -> str:
    """Say what is wrong with the number or the name of a row; nothing where both are right."""
    if not uai:
        return "le numéro de l’établissement manque"
    if not looks_like_rne(uai):
        return f"«\u00a0{uai[:20]}\u00a0» n’est pas un numéro d’établissement"
    if not has_right_letter(uai):
        return f"la clé du numéro {uai} est fausse\u202f: d’après ses chiffres, ce serait {control_letter(uai[:7])}"
    return "" if name else f"l’établissement {uai} n’a pas de nom"


def _is_ours(uai: str) -> bool:
    """Tell whether a département of ours has this number."""
    try:
        parse_rne(uai)
    except InvalidRne:
        return False
    return True


def _entry(uai: str, kind: str, told: Mapping[str, str]) -> DirectoryEntry:
    given = told.get
    name = told["name"]
    return DirectoryEntry(
        uai=uai,
        name=f"É{name[1:150]}" if name.startswith(("Ecole ", "ECOLE ")) else name[:150],
        kind=kind,
        sector=_SECTORS.get(given("sector", "")[:2].casefold(), ""),
        address=given("address", "")[:200],
        postcode=given("postcode", "")[:10],
        commune=given("commune", "")[:100],
        academy=given("academy", "")[:60],
        circonscription=_circonscription(given("circonscription", "")),
        email=_email(given("email", "")),
        phone=given("phone", "")[:20],
        state=_STATES.get(fold(given("state", "")), SchoolState.OPEN),
        opened_on=_day(given("opened_on", "")),
    )


def _clean(cell: str) -> str:
    """Return a cell on one line without signs that cannot be seen, or `_UNDECODED` where it holds bytes that are no letters."""
    if cell.isprintable() and "  " not in cell:
        return cell.strip()
    if any("\udc80" <= sign <= "\udcff" for sign in cell):
        return _UNDECODED
    return " ".join("".join(sign if sign.isprintable() else " " if sign.isspace() else "" for sign in cell).split())


# a country has few of each of these: the same ones come again and again


@lru_cache(maxsize=512)
def _kind(nature: str, kind: str) -> str | None:
    """Return what a school is, in plain words; None for what is no school."""
    if fold(nature).startswith(_OFFICES) or fold(kind).startswith(_OFFICES):
        return None
    known = _KINDS.get(fold(nature)) or _KINDS.get(fold(kind))
    return (known or kind or nature.capitalize())[:80]


@lru_cache(maxsize=4096)
def _circonscription(told: str) -> str:
    return _INSPECTION.sub("", told)[:100]


@lru_cache(maxsize=4096)
def _day(typed: str) -> date | None:
    iso, french = _ISO_DAY.match(typed), _FRENCH_DAY.match(typed)
    parts = iso.groups() if iso else french.groups()[::-1] if french else None
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def _email(typed: str) -> str:
    return typed.lower() if len(typed) <= 254 and _ADDRESS.fullmatch(typed) else ""
