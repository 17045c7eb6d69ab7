from __future__ import annotations

from django.urls import include, path

from retkoop.assistance import urls as assistance
from retkoop.memberships import urls as memberships
from retkoop.oversight.board import urls as board
from retkoop.oversight.bulk import urls as bulk
from retkoop.oversight.reminders import urls as reminders
from retkoop.oversight.rules import urls as rules
from retkoop.year_end.closing import urls as closing
from retkoop.year_end.cra import staff_urls as cra_staff
from retkoop.year_end.cra import urls as cra
from retkoop.year_end.direct import staff_urls as direct_staff
from retkoop.year_end.handover import urls as handover
from retkoop.year_end.seal import urls as seal
from retkoop.year_end.verifiers import urls as verifiers

urlpatterns = [
    path("", include("retkoop.ui.urls")),
    path("", include("retkoop.mailing.urls")),
    path("", include("retkoop.users.urls")),
    path("", include("retkoop.network.urls")),
    path("", include("retkoop.oversight.national.urls")),
    path("", include("retkoop.upkeep.urls")),
    path("", include("retkoop.books.phone_urls")),
    path("coop/<str:rne>/", include("retkoop.books.coop_urls")),
    path("coop/<str:rne>/<str:year>/", include("retkoop.books.urls")),
    path("coop/<str:rne>/<str:year>/", include("retkoop.books.document_urls")),
    path("coop/<str:rne>/<str:year>/", include("retkoop.archive.urls")),
    path("coop/<str:rne>/<str:year>/", include("retkoop.registers.urls")),
    path("coop/<str:rne>/<str:year>/", include("retkoop.banking.urls")),
    path("coop/<str:rne>/<str:year>/", include(assistance.coop_urls)),
    path("ad/<str:department>/", include(assistance.association_urls)),
    path("federation/", include(assistance.federation_urls)),
    path("coop/<str:rne>/<str:year>/", include(memberships.coop_urls)),
    path("ad/<str:department>/", include(memberships.association_urls)),
    path("federation/", include(memberships.federation_urls)),
    path("", include(memberships.public_urls)),
    path("coop/<str:rne>/<str:year>/", include("retkoop.year_end.urls")),
    path("coop/<str:rne>/<str:year>/", include("retkoop.year_end.direct.urls")),
    path("coop/<str:rne>/<str:year>/", include(verifiers.coop_urls)),
    path("coop/<str:rne>/<str:year>/", include(closing.coop_urls)),
    path("coop/<str:rne>/<str:year>/", include(cra.coop_urls)),
    path("ad/<str:department>/", include(board.association_urls)),
    path("ad/<str:department>/", include(closing.association_urls)),
    path("coop/<str:rne>/<str:year>/", include(handover.coop_urls)),
    path("ad/<str:department>/", include(handover.association_urls)),
    path("ad/<str:department>/", include(cra_staff.association_urls)),
    path("ad/<str:department>/", include(direct_staff.association_urls)),
    path("ad/<str:department>/", include(bulk)),
    path("ad/<str:department>/", include(reminders)),
    path("federation/", include(cra_staff.federation_urls)),
    path("ad/<str:department>/", include(rules.association_urls)),
    path("federation/", include(rules.federation_urls)),
    path("", include(verifiers.public_urls)),
    path("", include(seal.public_urls)),
    path("", include("retkoop.year_end.notices.urls")),
]

handler400 = "retkoop.ui.errors.bad_request"
handler403 = "retkoop.ui.errors.permission_denied"
handler404 = "retkoop.ui.errors.page_not_found"
handler500 = "retkoop.ui.errors.server_error"
