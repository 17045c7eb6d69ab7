"""Why a file is refused, in one place: a reason and what to do, in French, for whoever sent it."""

from __future__ import annotations

from typing import Final


class RefusedFile(Exception):
    """The file cannot be kept; the message says why and what to do, in French."""


EXIT_TOO_HEAVY: Final = 3
EXIT_NO_ROOM: Final = 4
"""How the process that opens files ends where it cannot even write its answer."""

EMPTY: Final = "Ce fichier est vide : vérifiez-le sur votre appareil, puis envoyez-le de nouveau."
TOO_HEAVY_TO_OPEN: Final = "Ce fichier est trop lourd à ouvrir. Photographiez le document, ou imprimez-le en PDF, puis envoyez le résultat."
DAMAGED: Final = "Ce fichier est abîmé ou incomplet. Ouvrez-le sur votre appareil, enregistrez-le de nouveau, puis renvoyez-le."
DAMAGED_PDF: Final = "Ce PDF est abîmé ou incomplet. Ouvrez-le sur votre appareil, imprimez-le en PDF, puis envoyez le résultat."
TRUNCATED: Final = "Cette image est incomplète : sa fin manque. Copiez-la de nouveau depuis l’appareil qui l’a prise."
NO_ROOM: Final = "Le serveur n’a plus de place pour préparer ce fichier. Réessayez plus tard."

BUSY: Final = "Beaucoup de fichiers arrivent en ce moment. Réessayez dans une minute."

UNKNOWN: Final = "Ce type de fichier n’est pas accepté. Envoyez un PDF ou une photo (JPEG, PNG, WebP, GIF, HEIC, TIFF)."
SVG: Final = "Une image SVG peut contenir un programme. Envoyez un PDF ou une photo."
HTML: Final = "C’est une page web. Imprimez-la en PDF, puis envoyez le PDF."
OFFICE: Final = "C’est un document bureautique. Exportez-le en PDF, puis envoyez le PDF."
ZIP: Final = "C’est une archive ZIP. Ouvrez-la, puis envoyez en PDF ou en photo les documents qu’elle contient."
DISGUISED: Final = (
    "Ce fichier en cache un autre d’un autre type. Imprimez le document en PDF ou photographiez-le, puis envoyez le résultat."
)

ENCRYPTED: Final = "Ce PDF est protégé par un mot de passe ou chiffré. Ouvrez-le, imprimez-le de nouveau en PDF, puis envoyez le résultat."
PORTFOLIO: Final = "Ce PDF est un porte-documents. Ouvrez-le, puis envoyez un par un les documents qu’il contient."
LIVING_FORM: Final = "Ce PDF est un formulaire que peu de lecteurs affichent. Ouvrez-le, imprimez-le en PDF, puis envoyez le résultat."
NO_PAGE: Final = "Ce PDF n’a aucune page. Imprimez de nouveau le document en PDF."
SEVERAL_IMAGES: Final = "Ce fichier contient plusieurs images. Enregistrez-le en PDF, ou envoyez une photo par image."
NO_SUCH_PAGE: Final = "Cette page n’existe pas."


def too_big(megabytes: int) -> str:
    return f"Ce fichier est trop lourd : {megabytes} Mo au plus."


def too_many_pages(pages: int, most: int) -> str:
    return f"Ce PDF a {pages} pages : {most} au plus. Envoyez-le en plusieurs fois."
