"""PostgreSQL: the server, the role and the database of the site, which no other role enters.

The role has no password: the server lets the account of the same name in by the socket (peer authentication).
"""

from .machine import OFFICE, USER, run, succeeds
from .plan import Plan
from .steps import Step

_OWNER = "postgres"
#: Of all offices on a machine with several, together.
CONNECTIONS = 300


def ask(query: str, database: str = "postgres") -> str:
    """Return the answer of the server to a query of its owner."""
    return run("psql", "-X", "-At", "-v", "ON_ERROR_STOP=1", "-d", database, user=_OWNER, text=query).strip()


def is_running(plan: Plan) -> bool:
    """Return whether the server takes connections."""
    return succeeds("pg_isready", "-q")


def start(plan: Plan) -> None:
    """Start the server; Debian starts it with the machine."""
    run("service", "postgresql", "start")


def has_role(plan: Plan) -> bool:
    """Return whether the role exists."""
    return ask(f"SELECT 1 FROM pg_roles WHERE rolname = '{USER}'") == "1"  # noqa: S608 - a constant


def make_role(plan: Plan) -> None:
    """Make a role that may own one database, and nothing else."""
    ask(f'CREATE ROLE "{USER}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE')


def has_database(plan: Plan) -> bool:
    """Return whether the database exists, in UTF-8, owned by the role and closed to others."""
    facts = "pg_encoding_to_char(encoding), pg_get_userbyid(datdba), has_database_privilege('public', oid, 'CONNECT')"
    return ask(f"SELECT {facts} FROM pg_database WHERE datname = '{USER}'") == f"UTF8|{USER}|f"  # noqa: S608 - constants


def make_database(plan: Plan) -> None:
    """Make the database; a server that was set up without a language would give it SQL_ASCII."""
    if ask(f"SELECT 1 FROM pg_database WHERE datname = '{USER}'") != "1":  # noqa: S608 - a constant
        ask(f"""CREATE DATABASE "{USER}" OWNER "{USER}" ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0""")
    ask(f'REVOKE CONNECT ON DATABASE "{USER}" FROM PUBLIC')


def has_connections(plan: Plan) -> bool:
    """Return whether several offices find connections enough: each keeps up to a dozen."""
    return int(ask("SHOW max_connections")) >= CONNECTIONS


def allow_connections(plan: Plan) -> None:
    """Allow them, and start the server anew: for some seconds offices that run already get no answer."""
    ask(f"ALTER SYSTEM SET max_connections = {CONNECTIONS}")
    run("service", "postgresql", "restart")


_SEVERAL = (Step("Database connections", has_connections, allow_connections, "ALTER SYSTEM RESET max_connections"),)
STEPS = (
    Step("Database server", is_running, start, "service postgresql stop"),
    *(_SEVERAL if OFFICE else ()),
    Step("Database role", has_role, make_role, f"runuser -u postgres -- dropuser {USER}"),
    Step("Database", has_database, make_database, f"runuser -u postgres -- dropdb {USER} (with all data)"),
)
