"""`python -m benchmarks [--runs N] [--sizes 300 10000]`: a real server on a folder of its own, real HTTP, one table."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from benchmarks.installation import Installation, installation
from benchmarks.measures import MEASURES, Result, first_visit, run
from benchmarks.sealing import BUDGET, OPERATIONS, sealing
from benchmarks.visitor import Visitor

PASSWORD = "huit poissons orange"  # noqa: S105 -- of a folder that is thrown away
FEWEST_RUNS = 30
COLUMNS = f"{'':<34}{'opérations':>11}{'serveur ms':>12}{'95 %':>8}{'aller-retour':>14}{'réseau Ko':>11}{'page Ko':>9}{'SQL':>5}  budget"


def main() -> None:
    asked = _arguments()
    print("Préparation des cahiers…")
    with installation(list(dict.fromkeys([*asked.sizes, OPERATIONS]))) as made:
        print(COLUMNS)
        results = [result for size in asked.sizes for result in _measured(made, made.coops[size], size, asked.runs)]
        visit = first_visit(Visitor(made.port))
        report = sealing(made, asked.runs)
    print(f"\nPremière visite : {visit.wire / 1000:.1f} Ko en {visit.requests} requêtes (budget : 100 Ko, 12 requêtes).")
    print(
        f"Compte rendu de {OPERATIONS} opérations, composé et scellé : {report.typical:.0f} ms"
        f" (95 % : {report.slow:.0f} ms ; budget : {BUDGET} ms)."
    )
    missed = (report.typical > BUDGET) + sum(not result.is_within_budget for result in results)
    print(f"Médianes de {asked.runs} mesures. Budgets dépassés : {missed}.")


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks", description="Mesure Retkoop sur un vrai serveur, dans un dossier jetable.")
    parser.add_argument("--runs", type=int, default=40, metavar="N", help=f"mesures par page ({FEWEST_RUNS} au moins)")
    parser.add_argument("--sizes", type=int, nargs="+", default=[300, 10_000], metavar="N", help="opérations de chaque cahier")
    asked = parser.parse_args()
    asked.runs = max(asked.runs, FEWEST_RUNS)
    return asked


def _measured(made: Installation, rne: str, size: int, runs: int) -> list[Result]:
    visitor = Visitor(made.port)
    visitor.activate(rne, PASSWORD)
    results = []
    for measure in MEASURES:
        results.append(run(measure, visitor, rne, runs))
        print(_row(results[-1], size))
    return results


def _row(result: Result, size: int) -> str:
    measure = result.measure
    wanted = [f"{measure.milliseconds:g} ms" if measure.milliseconds else "", f"{measure.kilobytes:g} Ko" if measure.kilobytes else ""]
    budget = ", ".join(filter(None, wanted))
    mark = ("✓" if result.is_within_budget else "✗") if budget else " "
    figures = f"{result.server:>12.1f}{result.slow:>8.1f}{result.elapsed:>14.1f}{result.wire / 1000:>11.1f}{result.page / 1000:>9.1f}"
    return f"{measure.name:<34}{size:>11}{figures}{result.queries:>5}  {mark} {budget}".rstrip()


if __name__ == "__main__":
    main()
