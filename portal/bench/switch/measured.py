"""Two Kamailios on one database server, under the same load in turn: what lies between them is what the portal decides."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from portal.bench.report import Missing, Row
from portal.bench.switch import lines, load, native
from portal.core import postgres
from portal.features.switch.rules import Config, render
from portal.features.switch.rules.config import TEMPLATE
from portal.gateways.kamailio_process import NoKamailio, running
from portal.settings import Settings

NATIVE_SCRIPT = Path(__file__).parent / "native.cfg"
ROLE = "kamailio"
ROUNDS = 3
REGISTRATIONS, CALLS = 2_000, 1_000  # of each round
WHAT = "registrations and calls through the views, against native tables"
NO_TOOLS = "sipp, Kamailio or its tables for PostgreSQL are missing: `make system-deps` installs them."


@dataclass(frozen=True)
class Side:
    name: str
    database: str
    template: Path
    port: int  # and the next one, for what it is asked over HTTP
    by_name: bool  # what phones dial: user names, else extensions

    def script(self, password: str, folder: Path) -> str:
        config = Config(
            database_url=f"postgres://{ROLE}:{password}@/{self.database}",
            listen=(f"udp:{load.LOOPBACK}:{self.port}",),
            rpc=f"{load.LOOPBACK}:{self.port + 1}",
            run_dir=str(folder),
        )
        return render(config, self.template)

    @property
    def rpc_url(self) -> str:
        return f"http://{load.LOOPBACK}:{self.port + 1}/RPC"


def telephony(settings: Settings, server: postgres.Server, database: str) -> Iterator[Row | Missing]:
    """`database`: the portal's, on this server. Where a call is refused or lost, nothing is said of how many there are."""
    if not (load.is_there() and native.is_there()):
        yield Missing(WHAT, NO_TOOLS)
        return
    sides = (
        Side("native", native.DATABASE, NATIVE_SCRIPT, 7400, by_name=True),
        Side("views", database, TEMPLATE, 7402, by_name=False),
    )
    company = lines.company()
    postgres.ensure_login(server, ROLE)
    native.fill(server, database)
    try:
        with _running(sides, server, settings.data_dir / "bench") as folders:
            yield from _rows(sides, folders, company)
    except (NoKamailio, load.Failed) as trouble:
        yield Missing(WHAT, str(trouble))
    finally:
        lines.clear(company.customer_id)


@contextmanager
def _running(sides: tuple[Side, ...], server: postgres.Server, home: Path) -> Iterator[Mapping[str, Path]]:
    folders = {side.name: home / side.name for side in sides}
    with ExitStack() as stack:
        for side in sides:
            folder = folders[side.name]
            script = side.script(server.password(ROLE), folder)
            stack.enter_context(running(script, folder, rpc_url=side.rpc_url, server=server))
        yield folders


def _rows(sides: tuple[Side, ...], folders: Mapping[str, Path], company: lines.Company) -> Iterator[Row]:
    """First, every phone has to be there; how long that takes is not measured."""
    files = {side: load.write(company.lines(by_name=side.by_name), folders[side.name] / "lines.csv") for side in sides}

    def rate(side: Side, scenario: str, times: int) -> float:
        return load.sent(scenario, files[side], port=side.port, domain=company.domain, times=times)

    def compared(what: str, scenario: str, times: int, budget: float) -> Row:
        rounds = [[rate(side, scenario, times) for side in sides] for _ in range(ROUNDS)]
        plain, ours = (median(rates) for rates in zip(*rounds, strict=True))
        ratio = median(views / tables for tables, views in rounds)
        return Row(
            f"{what} by the views ({ours:,.0f}/s), against native tables ({plain:,.0f}/s)", ratio, budget, "times", at_most=False
        )

    for side in sides:
        rate(side, "register", len(company.people))
    yield compared("registrations", "register", REGISTRATIONS, 0.5)
    with load.phones(folders[sides[0].name]):
        yield compared("calls", "caller", CALLS, 0.5)
