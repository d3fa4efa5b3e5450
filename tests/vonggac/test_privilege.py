from __future__ import annotations

import os
import subprocess
import sys

TRY = """
import socket
from vonggac.privilege import give_up_capture

def open_raw():
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()
        return "open"
    except PermissionError:
        return "refused"

before = open_raw()
give_up_capture()
print(before, open_raw())
"""


def test_a_part_that_gave_up_the_right_cannot_capture() -> None:
    done = subprocess.run([sys.executable, "-c", TRY], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["open" if os.geteuid() == 0 else "refused", "refused"]
