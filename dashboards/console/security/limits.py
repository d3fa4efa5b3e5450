"""A bound on what a browser may send: forms are small, so a large body is an attack or a mistake."""

from __future__ import annotations

import re
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_MOST: Final = 512 * 1024
"""Bytes of one request body: a register of some thousand units as a spreadsheet, far above any other form."""
UPLOAD_MOST: Final = 32 * 1024 * 1024
"""… where proof is uploaded; the setting `cases.attachment` is narrower."""
UPLOADS: Final = re.compile(r"(?:/api/v1)?/cases/[0-9a-z]+/steps/[a-z-]+")


class BodyLimit:
    """ASGI middleware: 413 for a body that announces too much; a body that lies is cut off."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while its body stays within the bound."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = UPLOAD_MOST if UPLOADS.fullmatch(scope["path"]) else BODY_MOST
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdigit() or int(announced) > most:
            await PlainTextResponse("413", 413)(scope, receive, send)
            return
        seen = 0

        async def bounded() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            return {"type": "http.disconnect"} if seen > most else message

        await self.app(scope, bounded, send)
