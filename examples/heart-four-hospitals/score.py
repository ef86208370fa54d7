"""Score every case that the model was not developed on, and say what was done to the table.

Needs nothing but what `defensible` itself needs. The model on file must be the one that
`device.yaml` declares; each score carries its digest. Same table and model, same bytes.
"""

import csv
import io
import sys
from pathlib import Path

import model
import table
from ruamel.yaml import YAML
from whole_file import write

SCORES = table.HERE / "data" / "scores.csv"
DEVELOPMENT = table.HERE / "data" / "development-cases.csv"
DEVICE = table.HERE / "device.yaml"

COLUMNS = ("case", "row", "site", "sex", "age", "n_imputed", "score", "num", "model_sha256")


def main(output: Path = SCORES) -> int:
    """Write the scores to `output`; 2 where the model is not the declared one."""
    heart = table.read()
    trained = model.read()
    declared = YAML(typ="safe").load(DEVICE)["model"]["sha256"]
    if trained.sha256 != declared:
        print(f"model.json has digest {trained.sha256}, device.yaml declares {declared}")
        print("  restore the declared model, or declare the new one and score again")
        return 2
    for quirk in heart.quirks:
        print(f"table: {quirk}")
    used = _development()
    scored = [row for row in heart.rows if row["case"] not in used]
    write(output, _listed(trained, scored))
    imputed = sum(model.n_imputed(row) > 0 for row in scored)
    print(f"model: {trained.sha256[:12]}, as device.yaml declares; threshold {trained.threshold}")
    print(f"rows: {len(heart.rows)} read, {len(heart.rows) - len(scored)} used in development")
    print(f"scored: {len(scored)} rows, {imputed} with a missing input replaced by its mean")
    print(f"sites: {_counted(scored)}")
    return 0


def _development() -> frozenset[str]:
    with DEVELOPMENT.open(newline="", encoding="utf-8") as file:
        return frozenset(row["case"] for row in csv.DictReader(file))


def _listed(trained: model.Model, rows: list[table.Row]) -> bytes:
    """The scores as a table, one row of the source a row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            (
                row["case"],
                row["id"],
                row["site"],
                row["sex"],
                row["age"],
                model.n_imputed(row),
                f"{trained.score(row):.{model.SCORE_DIGITS}f}",
                row["num"],
                trained.sha256,
            )
        )
    return text.getvalue().encode()


def _counted(rows: list[table.Row]) -> str:
    sites = dict.fromkeys(row["site"] for row in rows)
    return ", ".join(f"{site} {sum(row['site'] == site for row in rows)}" for site in sites)


if __name__ == "__main__":
    sys.exit(main(*(Path(argument) for argument in sys.argv[1:2])))
