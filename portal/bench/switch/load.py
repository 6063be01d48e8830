"""What phones send, many at once: sipp and the scenarios beside this module."""

import csv
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
LOOPBACK = "127.0.0.1"
PHONES, CALLERS, MEDIA = 7410, 7420, 7430  # ports
AT_ONCE = 30
OFFERED = 5_000  # each second: more than can be done
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Line:
    """Somebody who signs in and calls `called`."""

    username: str
    password: str
    called: str


class Failed(Exception):  # noqa: N818
    """What was sent did not come to the end that was wanted; one sentence says where to look."""


def is_there() -> bool:
    return shutil.which("sipp") is not None


def write(lines: Sequence[Line], file: Path) -> Path:
    proofs = (f"[authentication username={line.username} password={line.password}]" for line in lines)
    rows = (f"{line.username};{proof};{line.called}\n" for line, proof in zip(lines, proofs, strict=True))
    file.write_text("SEQUENTIAL\n" + "".join(rows))
    return file


@contextmanager
def phones(folder: Path) -> Iterator[None]:
    """All that are signed in are one program, which answers each call at once."""
    command = _command("phones", "-p", PHONES, "-mp", MEDIA)
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - ours
    try:
        _until_taken(PHONES)
        yield
    finally:
        process.kill()
        process.wait()


def _until_taken(port: int) -> None:
    for _ in range(100):
        with socket.socket(type=socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                return
        time.sleep(0.1)
    raise Failed("sipp did not start.")


def sent(scenario: str, lines: Path, *, port: int, domain: str, times: int) -> float:
    """How many came to their end each second, with as many at the same time as there may be. Raises Failed when one did not."""
    told, errors = lines.with_suffix(f".{scenario}"), lines.with_suffix(".errors")
    errors.write_text("")
    command = _command(
        scenario,
        f"{LOOPBACK}:{port}",
        *("-p", CALLERS if scenario == "caller" else PHONES),
        *("-mp", MEDIA + 10),
        *("-inf", lines),
        *("-key", "domain", domain),
        *("-m", times),
        *("-l", AT_ONCE),
        *("-r", OFFERED),
        *("-timeout", f"{PATIENCE_SECONDS}s", "-timeout_error"),
        *("-trace_stat", "-stf", told, "-fd", PATIENCE_SECONDS),
        *("-trace_err", "-error_file", errors),
    )
    done = subprocess.run(command, cwd=lines.parent, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode != 0:
        raise Failed(f"Not each {scenario} of sipp came to its end: {errors} says why.")
    with told.open(newline="") as file:
        return float(list(csv.DictReader(file, delimiter=";"))[-1]["CallRate(C)"])


def _command(scenario: str, *options: object) -> list[str]:
    return [str(part) for part in ("sipp", "-sf", HERE / f"{scenario}.xml", "-i", LOOPBACK, "-nostdin", *options)]
