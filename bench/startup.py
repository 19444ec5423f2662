"""How long a house takes to open: the first time in an empty folder, and again.

    python bench/startup.py [again ...]     three later starts unless another number is given

Each start is timed by itself, from the command to the sign-in page. The last line is JSON.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from guild.embedded.folders import temporary_folder

ROOT = Path(__file__).resolve().parent.parent
OPEN = re.compile(r"The house is open at \S+ \(after ([0-9.]+) s\)")
WITHHELD = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def seconds_to_open(folder: Path, *, port: int) -> float:
    """Open the house in this folder, read what it says of its own start, and close it again."""
    environment = {name: value for name, value in os.environ.items() if name not in WITHHELD}
    house = subprocess.Popen(
        [sys.executable, "-m", "guild.embedded", "up"],
        cwd=ROOT,
        env=environment | {"VAR_DIR": str(folder), "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert house.stdout is not None
    try:
        said = next((found for line in house.stdout if (found := OPEN.search(line))), None)
    finally:
        house.send_signal(signal.SIGINT)
        house.communicate()
    if said is None:
        raise SystemExit("The house did not open: run `make up` to see what it says.")
    return float(said[1])


def main() -> None:
    again = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    port = free_port()
    with temporary_folder("dreamscape-startup-") as folder:
        first = seconds_to_open(folder / "var", port=port)
        print(f"first start: {first:.1f} s")
        later = []
        for number in range(again):
            later.append(seconds_to_open(folder / "var", port=port))
            print(f"start {number + 2}: {later[-1]:.1f} s")
    print(json.dumps({"first_s": first, "again_s": sorted(later)}))


if __name__ == "__main__":
    main()
