"""SMTP (RFC 5321): one message in clear, or a session that goes on in TLS."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from scenarios.net.tcp import TcpSession
from scenarios.protocols.tls_connection import TlsConnection, public_chain

PORT = 25
BOUNDARY = "----=_vp_0001"


@dataclass(frozen=True)
class Mail:
    """One message."""

    sender: str
    recipients: tuple[str, ...]
    subject: str = "Lich lam viec"
    body: str = "Kinh gui cac dong chi.\r\n"
    attachment: bytes = b""
    attachment_name: str = ""

    def encode(self) -> bytes:
        """Headers and body as sent after DATA, with the dot that ends it."""
        head = (
            f"From: <{self.sender}>\r\nTo: <{self.recipients[0]}>\r\nSubject: {self.subject}\r\nMIME-Version: 1.0\r\n"
        )
        if not self.attachment:
            return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{self.body}\r\n.\r\n".encode()
        coded = base64.encodebytes(self.attachment).replace(b"\n", b"\r\n").decode()
        part = f'Content-Type: application/octet-stream; name="{self.attachment_name}"\r\nContent-Transfer-Encoding: base64\r\n'
        part += f'Content-Disposition: attachment; filename="{self.attachment_name}"\r\n\r\n{coded}'
        text = f"Content-Type: text/plain\r\n\r\n{self.body}"
        whole = f'{head}Content-Type: multipart/mixed; boundary="{BOUNDARY}"\r\n\r\n'
        return f"{whole}--{BOUNDARY}\r\n{text}\r\n--{BOUNDARY}\r\n{part}\r\n--{BOUNDARY}--\r\n.\r\n".encode()


def greet(session: TcpSession, name: str, *, server: str = "mail.example") -> TcpSession:
    """The greeting and EHLO."""
    session.reply(f"220 {server} ESMTP\r\n".encode()).send(f"EHLO {name}\r\n".encode())
    return session.reply(f"250-{server}\r\n250-SIZE 26214400\r\n250-STARTTLS\r\n250 8BITMIME\r\n".encode())


def deliver(session: TcpSession, mail: Mail, *, refused: str = "") -> TcpSession:
    """One message; ``refused`` is the server's answer to the first recipient instead."""
    session.send(f"MAIL FROM:<{mail.sender}>\r\n".encode()).reply(b"250 2.1.0 Ok\r\n")
    for recipient in mail.recipients:
        session.send(f"RCPT TO:<{recipient}>\r\n".encode())
        if refused:
            return session.reply(f"{refused}\r\n".encode())
        session.reply(b"250 2.1.5 Ok\r\n")
    session.send(b"DATA\r\n").reply(b"354 End data with <CR><LF>.<CR><LF>\r\n")
    return session.send(mail.encode()).reply(b"250 2.0.0 Ok: queued\r\n")


def leave(session: TcpSession) -> None:
    """QUIT."""
    session.send(b"QUIT\r\n").reply(b"221 2.0.0 Bye\r\n").close("server")


def secured(session: TcpSession, name: str, server: str) -> TlsConnection:
    """Greeting, STARTTLS and the handshake."""
    greet(session, name, server=server)
    session.send(b"STARTTLS\r\n").reply(b"220 2.0.0 Ready to start TLS\r\n")
    return TlsConnection(session, "windows", server, chain=public_chain(server), alpn=()).open()
