"""SMB 3.0.2 without encryption (MS-SMB2): a session, its shares and files."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from scenarios.net.host import Host
from scenarios.net.tcp import TcpSession
from scenarios.protocols import der, kerberos, ntlm

if TYPE_CHECKING:
    from scenarios.scene import Scene

PORT = 445
NEGOTIATE, SETUP, LOGOFF, TREE, TREE_OFF, CREATE, CLOSE, READ, WRITE = 0, 1, 2, 3, 4, 5, 6, 8, 9
"""Commands."""
OK, MORE_PROCESSING, ACCESS_DENIED, LOGON_FAILURE, NOT_FOUND = 0, 0xC0000016, 0xC0000022, 0xC000006D, 0xC0000034
"""Statuses."""
RESPONSE = 1
DIALECTS = (0x0202, 0x0210, 0x0300, 0x0302)
WINDOWS_EPOCH = 11_644_473_600
"""Seconds from 1601 to 1970."""
DISK, PIPE = 1, 2
"""Share types."""
READ_ACCESS, WRITE_ACCESS = 0x00120089, 0x0013019F
OPEN, OVERWRITE = 1, 5
"""Create dispositions: open what exists, make or replace."""
FILE_ID = 16
"""Bytes of a file's identifier."""
LARGEST = 1 << 20
"""Bytes that one command may carry."""


class SmbSession:
    """One client at one server; each method is one command with its answer."""

    def __init__(self, scene: Scene, client: Host, server: Host, when: float) -> None:
        self.tcp = TcpSession(scene, client, server, PORT, when).connect()
        self._rng = scene.rng
        self._message = 0
        self._session = 0
        self._tree = 0

    def negotiate(self) -> SmbSession:
        """Agree on the dialect."""
        asked = struct.pack("<HHHHI16sQ", 36, len(DIALECTS), 1, 0, 0x7F, self._rng.randbytes(16), 0)
        asked += struct.pack(f"<{len(DIALECTS)}H", *DIALECTS)
        token = ntlm.offer(b"", ntlm.KERBEROS)
        now = int((self.tcp.now + WINDOWS_EPOCH) * 1e7)
        given = struct.pack("<HHHH16sI", 65, 1, DIALECTS[-1], 0, self._rng.randbytes(16), 0x2F)
        given += struct.pack("<IIIQQHHI", LARGEST, LARGEST, LARGEST, now, 0, 128, len(token), 0) + token
        return self._exchange(NEGOTIATE, asked, given)

    def log_on(self, user: str, domain: str, workstation: str, *, failed: bool = False) -> bool:
        """By NTLM; gives whether it succeeded."""
        first = ntlm.offer(ntlm.negotiate())
        challenge = ntlm.challenge(self._rng, domain, self.tcp.server.host.name.partition(".")[0].upper() or "SERVER")
        self._session = self._rng.getrandbits(44) << 16 | 1
        self._setup(first, ntlm.answer(challenge, ntlm.INCOMPLETE, ntlm.NTLM), MORE_PROCESSING)
        last = ntlm.answer(ntlm.authenticate(self._rng, domain, user, workstation))
        self._setup(last, b"" if failed else ntlm.answer(state=ntlm.COMPLETED), LOGON_FAILURE if failed else OK)
        return not failed

    def log_on_with_ticket(self, realm: str, service: str) -> SmbSession:
        """By Kerberos, with a ticket for ``cifs/service``."""
        rng = self._rng
        proof = [(0, der.integer(5)), (1, der.integer(kerberos.AP_REQ)), (2, der.value(der.BITS, b"\0\x20\0\0\0"))]
        proof += [(3, kerberos.ticket(rng, realm, ("cifs", service), kerberos.AES256, 1000))]
        proof += [(4, kerberos.encrypted(rng, kerberos.AES256, 180))]
        request = der.application(kerberos.AP_REQ, der.fields(proof))
        token = der.application(0, der.identifier("1.2.840.113554.1.2.2") + b"\x01\0" + request)
        self._session = rng.getrandbits(44) << 16 | 1
        parts = [
            (0, der.integer(5)),
            (1, der.integer(kerberos.AP_REP)),
            (2, kerberos.encrypted(rng, kerberos.AES256, 60)),
        ]
        reply = der.application(kerberos.AP_REP, der.fields(parts))
        granted = der.application(0, der.identifier("1.2.840.113554.1.2.2") + b"\x02\0" + reply)
        accepted = ntlm.answer(granted, ntlm.COMPLETED, ntlm.KERBEROS)
        return self._setup(ntlm.offer(token, ntlm.KERBEROS), accepted, OK)

    def tree(self, path: str, kind: int = DISK, *, status: int = OK) -> SmbSession:
        r"""Connect to a share such as ``\\tepchung\VanBan``."""
        raw = path.encode("utf-16-le")
        self._tree = 0
        asked = struct.pack("<HHHH", 9, 0, 72, len(raw)) + raw
        given = struct.pack("<HBBIII", 16, kind, 0, 0, 0, 0x001F01FF)
        return self._exchange(TREE, asked, given, status=status, tree=self._rng.randrange(1, 200))

    def create(self, name: str, *, size: int = 0, write: bool = False, status: int = OK) -> bytes:
        """Open or make a file or pipe; gives its identifier."""
        raw = name.encode("utf-16-le")
        access, disposition = (WRITE_ACCESS, OVERWRITE) if write else (READ_ACCESS, OPEN)
        asked = struct.pack(
            "<HBBIQQIIIIIHHII", 57, 0, 0, 2, 0, 0, access, 0x80, 7, disposition, 0x40, 120, len(raw), 0, 0
        )
        identifier = self._rng.randbytes(FILE_ID)
        now = int((self.tcp.now + WINDOWS_EPOCH) * 1e7)
        stored = -(-size // 4096) * 4096
        given = struct.pack("<HBBI4Q", 89, 0, 0, 2 if write else 1, now, now, now, now)
        given += struct.pack("<2QII16sII", stored, size, 0x20, 0, identifier, 0, 0)
        self._exchange(CREATE, asked + (raw or b"\0"), given, status=status)
        return identifier

    def read(self, identifier: bytes, content: bytes, offset: int = 0) -> SmbSession:
        """Read a part of a file."""
        asked = struct.pack("<HBBIQ16sIIIHHB", 49, 80, 0, len(content), offset, identifier, 0, 0, 0, 0, 0, 0)
        return self._exchange(READ, asked, struct.pack("<HBBIII", 17, 80, 0, len(content), 0, 0) + content)

    def write(self, identifier: bytes, content: bytes, offset: int = 0) -> SmbSession:
        """Write a part of a file."""
        asked = struct.pack("<HHIQ16sIIHHI", 49, 112, len(content), offset, identifier, 0, 0, 0, 0, 0) + content
        return self._exchange(WRITE, asked, struct.pack("<HHIIHH", 17, 0, len(content), 0, 0, 0))

    def close(self, identifier: bytes) -> SmbSession:
        """Close a file."""
        given = struct.pack("<HHI4Q2QI", 60, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        return self._exchange(CLOSE, struct.pack("<HHI16s", 24, 0, 0, identifier), given)

    def end(self) -> float:
        """Leave the share and the server; gives the time."""
        self._exchange(TREE_OFF, struct.pack("<HH", 4, 0), struct.pack("<HH", 4, 0))
        self._exchange(LOGOFF, struct.pack("<HH", 4, 0), struct.pack("<HH", 4, 0))
        self.tcp.close()
        return self.tcp.now

    def _setup(self, token: bytes, given: bytes, status: int) -> SmbSession:
        asked = struct.pack("<HBBIIHHQ", 25, 0, 1, 1, 0, 88, len(token), 0) + token
        body = struct.pack("<HHHH", 9, 0, 72, len(given)) + given
        return self._exchange(SETUP, asked, body, status=status, first=not self._message)

    def _exchange(
        self, command: int, asked: bytes, given: bytes, *, status: int = OK, tree: int = 0, first: bool = False
    ) -> SmbSession:
        request = self._header(command, 0, 0)
        self._tree = tree or self._tree
        if status not in (OK, MORE_PROCESSING):
            given = struct.pack("<HBBIB", 9, 0, 0, 0, 0)
        self.tcp.send(_framed(request + asked))
        self.tcp.reply(_framed(self._header(command, RESPONSE, status) + given))
        self._message += 1
        return self

    def _header(self, command: int, flags: int, status: int) -> bytes:
        session = self._session if command != NEGOTIATE else 0
        return struct.pack("<4sHHIHHIIQIIQ16s", b"\xfeSMB", 64, 1, status, command, 31, flags, 0, self._message, 0xFEFF,
                           self._tree, session, b"")  # fmt: skip


def _framed(message: bytes) -> bytes:
    return struct.pack("!I", len(message)) + message
