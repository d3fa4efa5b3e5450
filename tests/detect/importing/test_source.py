"""Rule sets from outside are hostile until proved otherwise."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from pipelines.detect.importing import source
from pipelines.detect.importing.source import Refused, RuleFile, SourceError


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, raw in members.items():
            made.writestr(name, raw)
    return path


def names(path: Path) -> tuple[list[str], list[str]]:
    found = list(source.files(path, (".yml",)))
    return [one.name for one in found if isinstance(one, RuleFile)], [
        one.name for one in found if isinstance(one, Refused)
    ]


@pytest.mark.parametrize("evil", ["../up.yml", "a/../../up.yml", "/etc/up.yml", "..\\up.yml", "C:/up.yml"])
def test_names_that_point_outside_are_refused(tmp_path: Path, evil: str) -> None:
    assert names(archive(tmp_path / "a.zip", {evil: b"x", "good.yml": b"x"}))[0] == ["good.yml"]
    assert len(names(tmp_path / "a.zip")[1]) == 1


def test_a_bomb_ends_the_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "TOTAL_BYTES", 3 << 20)
    monkeypatch.setattr(source, "FILE_BYTES", 1 << 20)
    bomb = archive(tmp_path / "b.zip", {f"{at}.yml": bytes(1 << 20) for at in range(5)})
    assert bomb.stat().st_size < 20_000
    with pytest.raises(SourceError, match="unpacks to more than 3 MiB"):
        names(bomb)


def test_a_file_that_unpacks_to_more_than_it_states_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "FILE_BYTES", 1000)
    path = archive(tmp_path / "c.zip", {"big.yml": bytes(5000), "good.yml": b"x"})
    assert names(path) == (["good.yml"], ["big.yml"])
    with pytest.raises(SourceError, match="damaged"):
        names(_stating_less(path, 5000, 500))


def _stating_less(path: Path, size: int, stated: int) -> Path:
    """The archive with another unpacked size in its directory, as bombs have."""
    raw = path.read_bytes().replace(size.to_bytes(4, "little"), stated.to_bytes(4, "little"))
    path.write_bytes(raw)
    return path


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.yml").write_text("secret")
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "link.yml").symlink_to(tmp_path / "secret.yml")
    (folder / "good.yml").write_text("x")
    assert names(folder) == (["good.yml"], ["link.yml"])
    with tarfile.open(tmp_path / "d.tar.gz", "w:gz") as made:
        link = tarfile.TarInfo("link.yml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(link)
        good = tarfile.TarInfo("good.yml")
        good.size = 1
        made.addfile(good, io.BytesIO(b"x"))
    assert names(tmp_path / "d.tar.gz") == (["good.yml"], ["link.yml"])


def test_encrypted_entries_are_told(tmp_path: Path) -> None:
    path = archive(tmp_path / "e.zip", {"a.yml": b"x"})
    raw = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + flags] |= 1
    path.write_bytes(raw)
    assert names(path) == ([], ["a.yml"])


@pytest.mark.parametrize("content", [b"PK\x05\x06" + bytes(10), None])
def test_what_cannot_be_read_is_one_line(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.zip"
    if content is None:
        with pytest.raises(SourceError, match=r"x\.zip"):
            names(path)
    else:
        path.write_bytes(content)
        assert names(path)[1] == []
