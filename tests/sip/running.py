"""A real Kamailio, with the portal’s own configuration, on free ports of this machine."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.core import postgres
from portal.features.switch.rules import Config, render
from tests.certificates import certificate
from tests.waiting import until

MODULES = Path(Config.modules)
PROGRAMS = {"kamailio": "kamailio", "sipp": "sip-tester", "baresip": "baresip-core"}
HOST = "127.0.0.1"


def missing() -> str | None:
    """What keeps real calls from being made here."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))
    packages = [package for program, package in PROGRAMS.items() if shutil.which(program, path=path) is None]
    packages += [] if (MODULES / "tls.so").exists() else ["kamailio-tls-modules"]
    return (
        f"There is no {' and no '.join(packages)} here: `make system-deps` installs what real calls need." if packages else None
    )


def free_port() -> int:
    """Free for UDP and for TCP, and so is the next one."""
    while True:
        with (
            socket.socket(type=socket.SOCK_DGRAM) as udp,
            socket.socket() as tcp,
            socket.socket(type=socket.SOCK_DGRAM) as following,
        ):
            tcp.bind((HOST, 0))
            port: int = tcp.getsockname()[1]
            with contextlib.suppress(OSError, OverflowError):
                udp.bind((HOST, port))
                following.bind((HOST, port + 1))
                return port


@dataclass
class RunningKamailio:
    server: postgres.Server
    database: str
    folder: Path
    port: int = field(default_factory=free_port)
    rpc_port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> tuple[str, int]:
        return HOST, self.port

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def start(self) -> "RunningKamailio":
        password, shown = self.server.password("kamailio"), certificate(self.folder)
        config = Config(
            database_url=f"postgres://kamailio:{password}@/{self.database}",
            listen=(f"udp:{HOST}:{self.port}", f"tcp:{HOST}:{self.port}", f"tls:{HOST}:{self.tls_port}"),
            certificate=str(shown.ca),
            key=str(shown.key),
            rpc=f"{HOST}:{self.rpc_port}",
            run_dir=str(self.folder),
            log_level=int(os.environ.get("PORTAL_SIP_LOG", "1")),
            processes=4,
        )
        file = self.folder / "kamailio.cfg"
        file.write_text(render(config))
        own = {
            "TZ": "UTC",
            "PGHOST": str(self.server.socket_dir),
            "PGPORT": str(self.server.port),
            "PATH": f"{os.defpath}:/usr/sbin",
        }
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["kamailio", "-f", file, "-P", self.folder / "pid", "-Y", self.folder, "-w", self.folder, "-DD", "-E"],
                env=own,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self._is_up, "the start of Kamailio")
        return self

    def _is_up(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log[-3000:]
        try:
            return bool(self.rpc("core.uptime"))
        except OSError:
            return False

    def rpc(self, method: str, *params: Any) -> Any:
        asked = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        request = urllib.request.Request(f"http://{HOST}:{self.rpc_port}/RPC", asked, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)["result"]

    def kill(self) -> None:
        """As if the machine had lost its power."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
