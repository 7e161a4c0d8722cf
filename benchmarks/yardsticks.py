"""Time and memory of reading a file, as times what its bytes take; each in a process that does nothing else."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_TIME = """
import sys, time
from pathlib import Path
sys.path.insert(0, {folder!r})
from {module} import {what} as read
path = Path({path!r})
def spent():
    start = time.perf_counter()
    read(path)
    return time.perf_counter() - start
print(min(spent() for _ in range({rounds})))
"""
_PEAK = """
import sys
from pathlib import Path
sys.path.insert(0, {folder!r})
from {module} import {what}
status = Path("/proc/self/status")
before = status.read_text()
{what}(Path({path!r}))
print(before, status.read_text())
"""


@dataclass(frozen=True)
class Ratios:
    """How long a reading takes, and how much memory it adds at its peak (nan where the system does not tell)."""

    seconds: float
    times_bytes: float
    times_file: float

    def __str__(self) -> str:
        return f"{self.seconds:6.2f} s {self.times_bytes:6.1f} x the bytes {self.times_file:5.1f} x the file in memory"


def ratios(module: str, what: str, path: Path, *, rounds: int = 5) -> Ratios:
    """The best of several readings by the function of a module, against the best of the bytes before and after them.

    The bytes are read in processes of their own: where a reading has let go of as much memory, no page is new to them.
    """
    given = {"folder": str(Path(__file__).parent), "module": module, "what": what, "path": str(path), "rounds": rounds}
    of_bytes = {**given, "module": "yardsticks", "what": "read_bytes", "rounds": 3 * rounds}
    before, seconds, after = (float(_run(_TIME.format(**each))) for each in (of_bytes, given, of_bytes))
    bytes_ = min(before, after)
    if not sys.platform.startswith("linux"):
        return Ratios(seconds, seconds / bytes_, float("nan"))
    start, peak = map(int, re.findall(r"VmHWM:\s+(\d+)", _run(_PEAK.format(**given))))
    return Ratios(seconds, seconds / bytes_, (peak - start) * 1024 / path.stat().st_size)


def read_bytes(path: Path) -> bytes:
    return path.read_bytes()


def _run(program: str) -> str:
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    return run.stdout
