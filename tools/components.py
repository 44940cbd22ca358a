"""What the tests need beyond Python packages: a browser, gammu-smsd, pdftotext. Installed where it can be.

Where it cannot be (no apt, not root), tests that need the component say so and are skipped, unless CI is set:
there a missing component is a failure.
"""

import os
import shutil
import subprocess
import sys

NEEDED = {"chromium": "chromium", "gammu-smsd": "gammu-smsd", "pdftotext": "poppler-utils"}


def missing() -> dict[str, str]:
    return {program: package for program, package in NEEDED.items() if shutil.which(program) is None}


def main() -> int:
    wanted = missing()
    if wanted and shutil.which("apt-get") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq"]
        subprocess.run([*apt, "update"], check=False, env=environment, stdout=subprocess.DEVNULL)
        install = [*apt, "install", "-y", "--no-install-recommends", *sorted(set(wanted.values()))]
        subprocess.run(install, check=False, env=environment, stdout=subprocess.DEVNULL)
    left = missing()
    if left:
        sys.stderr.write(f"Not here, and could not be installed: {', '.join(sorted(left))}\n")
    return 1 if left and os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
