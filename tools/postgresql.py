"""Run a command against a throw-away PostgreSQL cluster on loopback, as a role that row-level security binds.

Usage: python tools/postgresql.py [--forgetful] COMMAND …
The cluster lives in a temporary folder and ends with the command. Debian's packages are installed where they can be.
A forgetful one waits for no disk: for tests that prove nothing about what a broken machine keeps.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

# None is a superuser, whom no policy binds: the owner runs migrations and tests, the second is what a
# web process is, the third reads for backups.
ROLES = (
    "CREATE ROLE entremise LOGIN CREATEDB CREATEROLE",
    "CREATE ROLE entremise_web LOGIN",
    "GRANT entremise_web TO entremise",
    "CREATE ROLE entremise_backup LOGIN BYPASSRLS",
    "GRANT pg_read_all_data TO entremise_backup",
)
FORGETFUL = " ".join(f"-c {one}=off" for one in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"))


def binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if not found and shutil.which("apt-get") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq"]
        subprocess.run([*apt, "update"], check=False, env=environment, stdout=subprocess.DEVNULL)
        subprocess.run([*apt, "install", "-y", "postgresql"], check=True, env=environment, stdout=subprocess.DEVNULL)
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if not found:
        sys.exit("PostgreSQL is not installed here (Debian's package: postgresql)")
    return found[-1].parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_owner(command: list[str]) -> list[str]:
    """The server refuses to run as root: it runs as the account that Debian's package made."""
    drop = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    return [*drop, *command]


def main() -> int:
    programs, port, command = binaries(), free_port(), sys.argv[1:]
    forgetful = command[:1] == ["--forgetful"]
    with tempfile.TemporaryDirectory(prefix="entremise-pg-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
            shutil.chown(data, "postgres", "postgres")
        quiet = {"stdout": subprocess.DEVNULL, "cwd": folder}
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(as_owner([*initdb, "--locale=C.UTF-8"]), check=True, **quiet)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=150"
        if forgetful:
            options, command = f"{options} {FORGETFUL}", command[1:]
        control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(Path(folder) / "log")]
        subprocess.run(as_owner([*control, "-o", options, "start"]), check=True, **quiet)
        try:
            psql = [str(programs / "psql"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
            for statement in ROLES:
                subprocess.run([*psql, "-c", statement], check=True)
            address = f"postgresql://entremise@127.0.0.1:{port}/postgres"
            return subprocess.run(command, env={**os.environ, "ENTREMISE_DATABASE_URL": address}).returncode
        finally:
            subprocess.run(as_owner([*control, "-m", "immediate", "stop"]), check=False, **quiet)


if __name__ == "__main__":
    sys.exit(main())
