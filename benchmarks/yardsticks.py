"""Time and memory of reading a file, as times what its bytes take; each in a process that does nothing else."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_TIMES = """
import sys, time
from pathlib import Path
sys.path.insert(0, {folder!r})
from {module} import {what}
path = Path({path!r})
def spent(read):
    start = time.perf_counter()
    read(path)
    return time.perf_counter() - start
rounds = [(min(spent(Path.read_bytes) for _ in range(3)), spent({what})) for _ in range({rounds})]
print(*map(min, zip(*rounds)))
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
    """The best of several readings, by the function of a module, against the best reading of the bytes between them."""
    given = {"folder": str(Path(__file__).parent), "module": module, "what": what, "path": str(path)}
    bytes_, seconds = map(float, _run(_TIMES.format(**given, rounds=rounds)).split())
    if not sys.platform.startswith("linux"):
        return Ratios(seconds, seconds / bytes_, float("nan"))
    before, peak = map(int, re.findall(r"VmHWM:\s+(\d+)", _run(_PEAK.format(**given))))
    return Ratios(seconds, seconds / bytes_, (peak - before) * 1024 / path.stat().st_size)


def _run(program: str) -> str:
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    return run.stdout
