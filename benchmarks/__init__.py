"""How fast Retkoop answers: `python -m benchmarks` (docs/mesures.md)."""
