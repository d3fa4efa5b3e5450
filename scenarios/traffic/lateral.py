"""From one machine to another over its shares."""

from __future__ import annotations

from scenarios.files import kinds
from scenarios.protocols import dcerpc, smb2
from scenarios.registry import scenario
from scenarios.scene import Scene

FOLDERS = ("VanBan", "KeToan", "NhanSu", "DuAn", "AnhHoiNghi")
EXTENSIONS = ("docx", "xlsx", "pdf", "jpg", "pptx")
PIECE = 64 << 10


@scenario("remote-service")
def remote_service(
    scene: Scene,
    *,
    target: str = "10.20.7.60",
    share: str = "ADMIN$",
    program: str = "PSEXESVC.exe",
    size: int = 120_000,
    service: str = "PSEXESVC",
    command: str = "",
    user: str = "quantri",
) -> None:
    """A program is copied to a share of another machine; a service is made of it and started.

    target: the other machine
    share: where the program goes
    program: its name; empty for none
    size: bytes of it
    service: name of the service; empty for none
    command: what the service runs; empty for the program
    user: who logs in
    """
    session = _session(scene, target, scene.start, user)
    if program:
        _copied(session, rf"\\{target}\{share}", program, kinds.made("pe", scene.rng, size).content)
    if service:
        session.tree(rf"\\{target}\IPC$", smb2.PIPE)
        dcerpc.install(session, scene.rng, service, command or rf"%SystemRoot%\{program}")
    session.end()


@scenario("share-encrypted")
def share_encrypted(
    scene: Scene,
    *,
    target: str = "10.20.1.6",
    share: str = "ChungTu",
    files: int = 40,
    extension: str = ".locked",
    note: str = "HOW_TO_DECRYPT.txt",
) -> None:
    """The files of a share are written anew under another extension.

    target: file server
    share: which share
    files: how many
    extension: what is put behind their names; empty for a backup that keeps them
    note: the message in every folder; empty for none
    """
    session = _session(scene, target, scene.start, "nvan")
    for number in range(files):
        folder, kind = FOLDERS[number % len(FOLDERS)], EXTENSIONS[number // 2 % len(EXTENSIONS)]
        path = rf"\\{target}\{share}"
        _copied(session, path, rf"{folder}\tailieu{number}.{kind}{extension}", scene.rng.randbytes(20_000))
        if note and number < len(FOLDERS):
            _copied(session, path, rf"{folder}\{note}", b"Your files have been encrypted. Write to us. " * 9)
    session.end()


def _session(scene: Scene, target: str, when: float, user: str) -> smb2.SmbSession:
    session = smb2.SmbSession(scene, scene.actor, scene.machine(target), when).negotiate()
    session.log_on(user, "TINHUY", scene.actor.name)
    return session


def _copied(session: smb2.SmbSession, share: str, path: str, content: bytes) -> None:
    session.tree(share)
    identifier = session.create(path, write=True)
    for offset in range(0, len(content), PIECE):
        session.write(identifier, content[offset : offset + PIECE], offset)
    session.close(identifier)
