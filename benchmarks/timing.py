"""Taking times on a shared machine: one sample of each way in turn, medians, stolen samples dropped."""

import platform
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

MOST_STOLEN = 0.05  # of the time a sample took


def stolen_seconds() -> float:
    """Seconds that the host has taken from this machine's processors since it started."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()
    return int(fields[8]) / 100


def sample(work: Callable[[], Any], *, times: int = 1) -> tuple[float, bool]:
    """Milliseconds of one run of `work` (so many at once, for what is very short), and is it clean."""
    stolen, start = stolen_seconds(), time.perf_counter()
    for _ in range(times):
        work()
    took = time.perf_counter() - start
    return took * 1000 / times, stolen_seconds() - stolen <= max(MOST_STOLEN * took, 0.01)


def in_turn(works: Mapping[str, Callable[[], Any]], *, rounds: int) -> dict[str, float]:
    """Median milliseconds of each, after one warm-up, one sample of each in every round."""
    times = {name: _at_once(work) for name, work in works.items()}
    samples: dict[str, list[tuple[float, bool]]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            samples[name].append(sample(work, times=times[name]))
    return {name: _median(taken) for name, taken in samples.items()}


def _at_once(work: Callable[[], Any]) -> int:
    """How many runs make a sample: enough for the clock of stolen time to mean something."""
    took, _ = sample(work)
    return max(1, min(200, int(20 / max(took, 0.01))))


def _median(taken: list[tuple[float, bool]]) -> float:
    clean = [each for each, is_clean in taken if is_clean]
    return median(clean or [each for each, _ in taken])


def machine() -> str:
    """Processor, memory and system, in one line."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    total = next(line for line in Path("/proc/meminfo").read_text().splitlines() if "MemTotal" in line)
    gibibytes = int(total.split()[1]) / 2**20
    name = models[0] if models else platform.machine()
    return (
        f"{len(models)} shared cores of {name}, {gibibytes:.0f} GiB, {platform.system()} {platform.release()}"
    )
