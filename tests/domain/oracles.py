"""Ratings drawn at random, and what libraries of the field make of them: `python -m tests.domain.oracles` writes `oracles.json`.

The libraries (krippendorff, irrCAC, scikit-learn, statsmodels, pingouin) are large, and one is under a licence that the program
cannot be handed on with; so they take part here alone, and the tests hold the program against what they printed.
"""

from __future__ import annotations

import importlib.metadata
import json
import random
from pathlib import Path
from typing import Any

PLACE = Path(__file__).with_name("oracles.json")
LIBRARIES = ("krippendorff", "irrCAC", "scikit-learn", "statsmodels", "pingouin")
SCALE = (0, 1, 2, 3)
Units = list[list[int | None]]


def drawn(seed: int) -> Units:
    """Ratings on the scale 0 to 3 of several things by several raters who mostly agree; in odd draws some are missing."""
    draw = random.Random(seed)
    raters, units = 2 if seed % 4 < 2 else draw.randint(3, 6), draw.randint(5, 30)
    agree = draw.choice((0.2, 0.5, 0.8))
    found: Units = []
    for _ in range(units):
        true = draw.choice(SCALE)
        row: list[int | None] = [true if draw.random() < agree else draw.choice(SCALE) for _ in range(raters)]
        if seed % 2:
            row = [None if draw.random() < 0.15 else value for value in row]
        found.append(row)
    return found


def judged(units: Units) -> dict[str, Any]:
    """What the libraries say of ratings, by name; what needs every rating only where all are there."""
    import krippendorff
    import numpy as np
    import pandas as pd
    from irrCAC.raw import CAC

    table = pd.DataFrame(units, dtype=float)
    found: dict[str, Any] = {}
    for level in ("nominal", "ordinal", "interval", "ratio"):
        found[f"alpha {level}"] = krippendorff.alpha(
            reliability_data=np.array(table).T, value_domain=list(SCALE), level_of_measurement=level
        )
    for weights in ("identity", "linear", "quadratic"):
        cac = CAC(table, weights=weights, categories=list(SCALE), digits=15)
        found[f"gwet {weights}"] = cac.gwet()["est"]["coefficient_value"]
        found.setdefault("agreement", cac.gwet()["est"]["pa"])
    if not table.isna().any(axis=None):
        found |= _whole(units)
    return {name: float(value) for name, value in found.items()}


def _whole(units: Units) -> dict[str, Any]:
    import numpy as np
    import pandas as pd
    import pingouin
    from sklearn.metrics import cohen_kappa_score
    from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa, to_table

    found: dict[str, Any] = {"fleiss": fleiss_kappa(aggregate_raters(np.array(units))[0])}
    long = pd.DataFrame(
        [(unit, rater, value) for unit, row in enumerate(units) for rater, value in enumerate(row)],
        columns=["unit", "rater", "value"],
    )
    rows = pingouin.intraclass_corr(long, targets="unit", raters="rater", ratings="value")
    for form, value in zip((1, 2, 3), rows["ICC"][:3], strict=True):
        found[f"icc {form}"] = value
    if len(units[0]) == 2:
        one, other = zip(*units, strict=True)
        for weights in (None, "linear", "quadratic"):
            found[f"kappa {weights or 'identity'}"] = cohen_kappa_score(
                one, other, labels=list(SCALE), weights=weights
            )
        found["kappa error"] = cohens_kappa(to_table(np.array(units), bins=4)[0]).std_kappa
    return found


def main() -> None:
    """Writes the file anew."""
    draws = [drawn(seed) for seed in range(48)]
    document = {
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "draws": [{"units": units, "said": judged(units)} for units in draws],
    }
    PLACE.write_text(json.dumps(document) + "\n", "utf-8")
    print(f"{len(draws)} draws, {sum(len(one['said']) for one in document['draws'])} figures: {PLACE}")


if __name__ == "__main__":
    main()
