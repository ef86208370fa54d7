"""DICOM intake of seeded files, as whole processes, against loops over pydicom and fastdicom.

    python bench/dicom.py [FILES] [--fastdicom PYTHON]

Makes FILES (20,000) of them in a temporary folder, and alternates the programs, warm: `defensible
intake` from start to written table; a loop over `pydicom.dcmread(stop_before_pixels=True)` that
reads the same attributes, on a part of the files; the same with fastdicom, by an interpreter that
has it; and our own reader in such a loop, which hashes, bands and screens as the others do not.
Loops leave out what it takes to start; intake does not. Then cold: pages of the files let go before
each run, against reading 8 KB of each with 8 threads. Medians of wall seconds, and of the
processor's seconds, of which the ratios are: a busy machine does not change them.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dicom_files import made

RUNS = 3
PART = 1000
WORDS = """
SOPInstanceUID SOPClassUID StudyInstanceUID SeriesInstanceUID PatientID InstitutionName Modality
Manufacturer ManufacturerModelName SoftwareVersions BodyPartExamined ViewPosition ConvolutionKernel
ScanningSequence SequenceVariant SequenceName PhotometricInterpretation PatientSex PatientAge
PatientBirthDate StudyDate BurnedInAnnotation LossyImageCompression KVP XRayTubeCurrent ExposureTime
Exposure SliceThickness MagneticFieldStrength PixelSpacing ImagerPixelSpacing Rows Columns
NumberOfFrames
"""
LOOP = """
import sys, time
from pathlib import Path
from MODULE import dcmread
files = sorted(map(str, Path(sys.argv[1]).glob("*/*.dcm")))[:int(sys.argv[2])]
words = sys.argv[3].split()
begun, spent = time.perf_counter(), time.process_time()
for file in files:
    found = dcmread(file, stop_before_pixels=True)
    row = {one: found.get(one) for one in words}
n = len(files)
print((time.perf_counter() - begun) / n, (time.process_time() - spent) / n)
"""
OURS = """
import sys, time
from pathlib import Path
from defensible.evidence.dicom import ages, spelling, work
from defensible.evidence.dicom.attributes import Terms
from defensible.evidence.dicom.listing import Files, Found
files = [Found(str(one), one.name) for one in sorted(Path(sys.argv[1]).glob("*/*.dcm"))]
terms = Terms(key=bytes(32), edges=ages.DEFAULT_EDGES, spellings=spelling.known())
begun, spent = time.perf_counter(), time.process_time()
for first in range(0, len(files), 256):
    work.read(Files(tuple(files[first : first + 256])), terms)
n = len(files)
print((time.perf_counter() - begun) / n, (time.process_time() - spent) / n)
"""
Seconds = tuple[float, float]


def loop(python: str, module: str, folder: Path, n: int) -> Seconds:
    """Wall and processor seconds a file of a loop over a reader, without what it takes to start."""
    code = OURS if module == "defensible" else LOOP.replace("MODULE", module)
    call = [python, "-c", code, str(folder), str(n), WORDS]
    done = subprocess.run(call, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    wall, spent = map(float, done.stdout.split())
    return wall, spent


def intake(folder: Path, out: Path, workers: int, n: int) -> Seconds:
    """Wall and processor seconds a file of one `defensible intake`, from start to exit."""
    key = out.parents[1] / "keys/intake.key"
    which = "--key" if key.exists() else "--new-key"
    call = [sys.executable, "-m", "defensible", "intake", str(folder), "--out", str(out)]
    call += [which, str(key), "--workers", str(workers)]
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(call, check=True, capture_output=True)  # noqa: S603 - our own command
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (time.perf_counter() - begun) / n, spent / n


def let_go(files: list[Path]) -> None:
    """Have the system forget the pages of the files."""
    for file in files:
        handle = os.open(file, os.O_RDONLY)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)


def first_bytes(file: Path) -> int:
    """Read 8 KB."""
    handle = os.open(file, os.O_RDONLY)
    n = len(os.pread(handle, 8192, 0))
    os.close(handle)
    return n


def floor(files: list[Path]) -> float:
    """Seconds to read 8 KB of each file, 8 at a time."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        sum(pool.map(first_bytes, files, chunksize=64))
    return time.perf_counter() - begun


def main() -> None:
    """Print medians and ratios."""
    asked = argparse.ArgumentParser()
    asked.add_argument("files", nargs="?", type=int, default=20_000)
    asked.add_argument("--fastdicom", help="an interpreter that has fastdicom")
    options = asked.parse_args()
    n = options.files
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "images"
        for one in ("tables", "keys"):
            (Path(place) / one).mkdir()
        made(folder, n, seed=1)
        files = sorted(folder.glob("*/*.dcm"))
        compare(folder, files, Path(place), options.fastdicom)


def compare(folder: Path, files: list[Path], place: Path, fastdicom: str | None) -> None:
    """Warm in alternation, then cold."""
    n, out = len(files), place / "tables/cases.parquet"
    seen: dict[str, list[Seconds]] = {}
    for _ in range(RUNS):
        for workers in (1, 2):
            name = f"intake, {workers} process{'es' * (workers > 1)}"
            seen.setdefault(name, []).append(intake(folder, out, workers, n))
        for module, part in (("defensible", n), ("pydicom", PART)):
            time_a_file = loop(sys.executable, module, folder, part)
            seen.setdefault(f"{module} loop", []).append(time_a_file)
        if fastdicom:
            seen.setdefault("fastdicom loop", []).append(loop(fastdicom, "fastdicom", folder, n))
    for name, times in seen.items():
        wall, spent = (1e3 * statistics.median(one) for one in zip(*times, strict=True))
        ratios = [
            statistics.median(one[1] / ours[1] for one, ours in zip(times, base, strict=True))
            for base in (seen["intake, 1 process"], seen["defensible loop"])
        ]
        print(f"{name:20s} {wall:6.3f} ms a file, processor {spent:6.3f},", end=" ")
        print("{:.2f} x intake's, {:.2f} x our loop's".format(*ratios))
    cold, floors = [], []
    for _ in range(RUNS):
        let_go(files)
        cold.append(1e3 * intake(folder, out, 2, n)[0])
        let_go(files)
        floors.append(1e3 * floor(files) / n)
    ratio = statistics.median(one / least for one, least in zip(cold, floors, strict=True))
    print(f"cold: intake {statistics.median(cold):.3f} ms a file, {ratio:.1f} x the", end=" ")
    print(f"{statistics.median(floors):.3f} ms of reading 8 KB of each with 8 threads")


if __name__ == "__main__":
    main()
