from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from retkoop.upkeep.orphans import die_with
from retkoop.upkeep.slow_lines import FewSlowLines, Places

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "retkoop.config.settings")
if server := os.environ.get("RETKOOP_SERVER"):
    die_with(int(server))
django = get_wsgi_application()

from django.conf import settings  # noqa: E402 -- the settings' name must be set first

of_one = None if settings.SECURE else 5  # behind a proxy, all have its address, and it waits in our place
application = FewSlowLines(django, bodies=Places(12, of_one), answers=Places(8, of_one))
