"""Parts of a reader study: cases by each dimension, readers by their experience."""

from defensible.dossier.reader_study import ReaderStudy
from defensible.dossier.studies import Dimension
from defensible.evidence import reader_claims, strata
from defensible.evidence.faults import Faults
from defensible.evidence.reader_differences import Part, whole
from defensible.evidence.reader_interactions import Level
from defensible.evidence.readings import Readings
from defensible.evidence.strata import Grouping


def levels(
    study: ReaderStudy, read: Readings, groupings: list[Grouping], faults: Faults
) -> list[Level]:
    """Parts of the study: cases by dimension, readers by experience."""
    everyone = whole(read)
    found = [
        Level(
            stratum=stratum,
            part=Part(readers=everyone.readers, cases=grouping.codes == code),
            of_readers=False,
        )
        for grouping in groupings
        for code, stratum in enumerate(grouping.strata)
    ]
    if read.experience is None:
        return found
    import polars as pl

    frame = pl.DataFrame({"experience": pl.Series(read.experience, dtype=pl.String)})
    dimension = Dimension(
        name=reader_claims.EXPERIENCE, column="experience", bands=study.experience_bands
    )
    by = strata.grouping(dimension, frame, faults, ("data", "columns", "experience"))
    faults.stop()
    if by is not None:
        found += [
            Level(
                stratum=stratum,
                part=Part(readers=by.codes == code, cases=everyone.cases),
                of_readers=True,
            )
            for code, stratum in enumerate(by.strata)
        ]
    return found
