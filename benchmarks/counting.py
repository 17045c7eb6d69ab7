"""`python -m benchmarks.counting`: how many calls of Python each page costs. The same on a busy machine, where no clock can be believed."""

from __future__ import annotations

import os
import subprocess
import sys
from cProfile import Profile
from typing import TYPE_CHECKING, Final

from benchmarks.installation import installation
from benchmarks.measures import MEASURES
from benchmarks.visitor import Answer, Visitor

if TYPE_CHECKING:
    from django.test import Client

OPERATIONS: Final = 300
PASSWORD: Final = "huit poissons orange"  # noqa: S105 -- of a folder that is thrown away
WARM_UP: Final = 3
RUNS: Final = 5


class Counted(Visitor):
    """A visitor in the process of the pages; `calls` are those that the last answer cost."""

    def __init__(self, client: Client) -> None:
        super().__init__(80)
        self._client = client
        self.calls = 0

    def _ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Answer:
        others = dict(headers or {})
        kind = others.pop("Content-Type", "text/plain")
        with Profile() as profile:
            response = self._client.generic(method, path, body or "", kind, headers=others)
        self.calls = sum(stat.callcount for stat in profile.getstats())
        queries = int(response.headers["Server-Timing"].rpartition("=")[2].strip('"'))
        return Answer(response.status_code, response.headers.get("Location", ""), response.content, "", 0, 0, queries)


def _main(rne: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "retkoop.config.settings")
    import django  # noqa: PLC0415 -- in this process alone; so below

    django.setup()
    from django.test import Client  # noqa: PLC0415 -- see above

    visitor = Counted(Client(headers={"Host": "127.0.0.1"}))
    visitor.activate(rne, PASSWORD)
    for measure in MEASURES:
        counts = []
        for _ in range(WARM_UP + RUNS):
            answer = measure.ask(visitor, rne)
            counts.append(visitor.calls)
        print(f"{measure.name:<34}{min(counts[WARM_UP:]):>11}{answer.queries:>5}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _main(sys.argv[1])
    else:
        print(f"{'':<34}{'appels':>11}{'SQL':>5}", flush=True)
        with installation([OPERATIONS]) as made:
            command = [sys.executable, "-m", "benchmarks.counting", made.coops[OPERATIONS]]
            subprocess.run(command, env=made.environment, check=True)  # noqa: S603 -- ourselves
