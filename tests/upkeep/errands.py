"""Tasks for the tests of the worker."""

from __future__ import annotations

from django_tasks import task

done: list[str] = []


@task
def run_errand(name: str) -> str:
    done.append(name)
    return name


@task
def fail_at_it() -> None:
    raise ValueError("not today")
