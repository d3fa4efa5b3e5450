"""FTP (RFC 959), control connection."""

from __future__ import annotations

from scenarios.net.tcp import TcpSession

PORT = 21


def greet(session: TcpSession) -> TcpSession:
    """The server's greeting."""
    return session.reply(b"220 Microsoft FTP Service\r\n")


def log_in(session: TcpSession, user: str, password: str, *, failed: bool) -> TcpSession:
    """USER and PASS."""
    session.send(f"USER {user}\r\n".encode()).reply(b"331 Password required\r\n")
    session.send(f"PASS {password}\r\n".encode())
    return session.reply(b"530 User cannot log in.\r\n" if failed else b"230 User logged in.\r\n")


def command(session: TcpSession, text: str, answer: str) -> TcpSession:
    """Any other command."""
    return session.send(f"{text}\r\n".encode()).reply(f"{answer}\r\n".encode())
