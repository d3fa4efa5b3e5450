"""Office documents, old (compound file) and new (zip), with and without macros; the macros call nothing harmful."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from scenarios.files.compound import compound

EPOCH = (2026, 11, 2, 8, 0, 0)
MACRO = (
    'Attribute VB_Name = "ThisDocument"\r\n'
    "Private Sub Document_Open()\r\n"
    '    ActiveDocument.Content.InsertAfter "kiem tra"\r\n'
    "End Sub\r\n"
)
CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    '<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
)
PLAIN_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{items}</Relationships>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"


def old_document(text: str, macro: str = "") -> bytes:
    """A Word 97 document with ``text``; with a VBA project when ``macro`` is its source."""
    streams = {"WordDocument": b"\xec\xa5\xc1\x00" + bytes(508) + text.encode("utf-16-le"), "1Table": bytes(512)}
    if macro:
        streams |= {f"Macros/{name}": content for name, content in _project(macro).items()}
    return compound(streams)


def document(text: str, macro: str = "", template: str = "") -> bytes:
    """A Word document of today; ``macro`` is the source of its VBA, ``template`` the URL of an attached template."""
    body = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    main = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    inner = f'<Relationship Id="rId1" Type="{MICROSOFT}/vbaProject" Target="vbaProject.bin"/>' if macro else ""
    members = {
        "[Content_Types].xml": CONTENT_TYPES.format(main=MACRO_MAIN if macro else PLAIN_MAIN).encode(),
        "_rels/.rels": RELATIONS.format(items=main).encode(),
        "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="{space}">{body}</w:document>'.encode(),
        "word/_rels/document.xml.rels": RELATIONS.format(items=inner).encode(),
    }
    if macro:
        members["word/vbaProject.bin"] = compound(_project(macro))
    if template:
        target = f'<Relationship Id="rId1" Type="{OFFICE}/attachedTemplate" Target="{template}" TargetMode="External"/>'
        members["word/_rels/settings.xml.rels"] = RELATIONS.format(items=target).encode()
    return archive(members)


def archive(members: Mapping[str, bytes]) -> bytes:
    """A zip with a fixed time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(info, content)
    return buffer.getvalue()


def _project(macro: str) -> dict[str, bytes]:
    """Streams of a VBA project (MS-OVBA)."""
    source = compressed(macro.encode("latin-1"))
    listing = b'ID="{00000000-0000-0000-0000-000000000000}"\r\nDocument=ThisDocument/&H00000000\r\nName="Project"\r\n'
    return {
        "PROJECT": listing,
        "VBA/dir": compressed(b"\x01\0\x04\0\0\0\x01\0\0\0\x04\0\x07\0\0\0Project\x19\0\x0c\0\0\0ThisDocument"),
        "VBA/_VBA_PROJECT": b"\xcc\x61\xff\xff\0\0\0",
        "VBA/ThisDocument": source,
    }


def compressed(data: bytes) -> bytes:
    """MS-OVBA's container with tokens that are all literal, so that the source stays readable."""
    chunks = b"\x01"
    for at in range(0, len(data), 3600):
        piece = data[at : at + 3600]
        packed = b"".join(b"\0" + piece[i : i + 8] for i in range(0, len(piece), 8))
        chunks += (len(packed) - 1 | 0xB000).to_bytes(2, "little") + packed
    return chunks
