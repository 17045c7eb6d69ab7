from __future__ import annotations

from django.urls import include, path

from retkoop.archive import urls as archive
from retkoop.assistance import urls as assistance
from retkoop.banking import urls as banking
from retkoop.books import document_urls
from retkoop.books import urls as books
from retkoop.memberships import urls as memberships
from retkoop.oversight.board import urls as board
from retkoop.oversight.bulk import urls as bulk
from retkoop.oversight.reminders import urls as reminders
from retkoop.oversight.rules import urls as rules
from retkoop.registers import urls as registers
from retkoop.year_end import urls as year_end
from retkoop.year_end.closing import urls as closing
from retkoop.year_end.cra import staff_urls as cra_staff
from retkoop.year_end.cra import urls as cra
from retkoop.year_end.direct import staff_urls as direct_staff
from retkoop.year_end.direct import urls as direct
from retkoop.year_end.handover import urls as handover
from retkoop.year_end.seal import urls as seal
from retkoop.year_end.verifiers import urls as verifiers

_YEAR = [
    *books.urlpatterns,
    *document_urls.urlpatterns,
    *archive.urlpatterns,
    *registers.urlpatterns,
    *banking.urlpatterns,
    *assistance.coop_urls,
    *memberships.coop_urls,
    *year_end.urlpatterns,
    *direct.urlpatterns,
    *verifiers.coop_urls,
    *closing.coop_urls,
    *cra.coop_urls,
    *handover.coop_urls,
]
"""The pages of a coop's year, those asked for most: one list, because Django takes longer to leave a room than to pass its pages."""

_ASSOCIATION = [
    *assistance.association_urls,
    *memberships.association_urls,
    *board.association_urls,
    *closing.association_urls,
    *handover.association_urls,
    *cra_staff.association_urls,
    *direct_staff.association_urls,
    *bulk.urlpatterns,
    *reminders.urlpatterns,
    *rules.association_urls,
]
_FEDERATION = [*assistance.federation_urls, *memberships.federation_urls, *cra_staff.federation_urls, *rules.federation_urls]

urlpatterns = [
    path("coop/<str:rne>/", include("retkoop.books.coop_urls")),
    path("coop/<str:rne>/<str:year>/", include(_YEAR)),
    path("", include("retkoop.ui.urls")),
    path("", include("retkoop.mailing.urls")),
    path("", include("retkoop.users.urls")),
    path("", include("retkoop.network.urls")),
    path("", include("retkoop.oversight.national.urls")),
    path("", include("retkoop.upkeep.urls")),
    path("", include("retkoop.books.phone_urls")),
    path("ad/<str:department>/", include(_ASSOCIATION)),
    path("federation/", include(_FEDERATION)),
    path("", include(memberships.public_urls)),
    path("", include(verifiers.public_urls)),
    path("", include(seal.public_urls)),
    path("", include("retkoop.year_end.notices.urls")),
]

handler400 = "retkoop.ui.errors.bad_request"
handler403 = "retkoop.ui.errors.permission_denied"
handler404 = "retkoop.ui.errors.page_not_found"
handler500 = "retkoop.ui.errors.server_error"
