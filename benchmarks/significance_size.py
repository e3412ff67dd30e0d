"""How often each test of luck finds a difference between two equally good models, where 5 % are allowed.

Simulated pairs: errors of two models ``horizon`` steps ahead, each a moving sum of ``horizon`` shocks, half of them shared by
both models (as forecasts of one series share its surprises). The loss is the absolute error. A right test rejects 5 % of them.

    python -m benchmarks.significance_size [--pairs 1000] [--models 5] [--bootstrap]

``--bootstrap`` adds the Model Confidence Set with a stationary bootstrap as in the package ``arch`` (blocks of 2h, 500 draws).
"""

import argparse

import numpy as np

from seqlab.evaluation.confidence_set import model_confidence_set
from seqlab.evaluation.significance import cosine_test, diebold_mariano

LEVEL = 0.05


def equal_losses(rng: np.random.Generator, origins: int, horizon: int, models: int) -> np.ndarray:
    """(origin, model) absolute errors of equally good models."""
    shocks = rng.standard_normal((origins + horizon, 1)) + rng.standard_normal((origins + horizon, models))
    sums = np.cumsum(shocks, axis=0)
    return np.abs(sums[horizon:] - sums[:-horizon])


def by_bootstrap(losses: np.ndarray, horizon: int) -> bool:
    """Whether arch's set leaves a model out."""
    from arch.bootstrap import MCS

    found = MCS(losses, size=LEVEL, reps=500, block_size=max(2 * horizon, 2), seed=0)
    found.compute()
    return bool(found.excluded)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=1_000, help="simulated pairs per line")
    parser.add_argument(
        "--models", type=int, default=5, help="models of the last column: how often the set leaves out any of so many equal ones"
    )
    parser.add_argument("--bootstrap", action="store_true", help="also the bootstrap of arch; minutes")
    given = parser.parse_args()
    error = 100 * (LEVEL * (1 - LEVEL) / given.pairs) ** 0.5
    print(f"Equal models found different, in %: 5 are allowed; {given.pairs:,} pairs per line, standard error {error:.1f}")
    heads = ["horizon", "origins", "HLN, t(n-1)", "HLN, simulated", "fixed smoothing", "set of 2", f"set of {given.models}"]
    heads += ["bootstrap set of 2"] * given.bootstrap
    print("  ".join(heads))
    for horizon in (1, 12):
        for origins in (100, 200, 500):
            rng = np.random.default_rng(1_000 * horizon + origins)
            found = np.zeros(6)
            for _ in range(given.pairs):
                losses = equal_losses(rng, origins, horizon, given.models)
                difference = losses[:, 0] - losses[:, 1]
                found[0] += diebold_mariano(difference, horizon, null="student").p_value < LEVEL
                found[1] += diebold_mariano(difference, horizon).p_value < LEVEL
                found[2] += cosine_test(difference, horizon).p_value < LEVEL
                found[3] += not model_confidence_set(losses[:, :2], horizon).included.all()
                found[4] += not model_confidence_set(losses, horizon).included.all()
                if given.bootstrap:
                    found[5] += by_bootstrap(losses[:, :2], horizon)
            shown = [f"{horizon}", f"{origins}", *(f"{100 * count / given.pairs:.1f}" for count in found)]
            print("  ".join(text.rjust(len(head)) for text, head in zip(shown, heads, strict=False)), flush=True)


if __name__ == "__main__":
    main()
