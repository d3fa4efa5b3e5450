"""Least privilege: only the sensor may look at the wire."""

from __future__ import annotations

import ctypes
import logging
import os
from typing import Final

CAP_NET_RAW: Final = 13
"""Number of the capability that capturing needs (capabilities(7))."""
_VERSION_3: Final = 0x20080522
"""Layout of two 32-bit words a set (capget(2))."""
_AMBIENT: Final = 47
_AMBIENT_LOWER: Final = 3
"""PR_CAP_AMBIENT and PR_CAP_AMBIENT_LOWER of prctl(2)."""
_LOG: Final = logging.getLogger(__name__)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def give_up_capture() -> None:
    """Give up CAP_NET_RAW for good: a part that only reads files needs none. Says so in the log where the kernel refuses."""
    kernel = ctypes.CDLL(None, use_errno=True)
    header, sets = _Header(_VERSION_3, 0), (_Sets * 2)()
    kernel.prctl(_AMBIENT, _AMBIENT_LOWER, CAP_NET_RAW, 0, 0)  # first: it must not outlive the permitted set
    if kernel.capget(ctypes.byref(header), sets) == 0:
        keep = ~(1 << CAP_NET_RAW) & 0xFFFFFFFF
        sets[0].effective &= keep
        sets[0].permitted &= keep
        sets[0].inheritable &= keep
        if kernel.capset(ctypes.byref(header), sets) == 0:
            return
    _LOG.warning("the right to capture cannot be given up: %s", os.strerror(ctypes.get_errno()))
