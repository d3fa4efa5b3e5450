"""Product of ``schema/behaviours.yaml``: the reference of behaviours."""

from __future__ import annotations

from products import markdown
from schema import STAGES, behaviours

STAGE_TEXTS = {
    "exposure": ("Dấu hiệu yếu, tự nó chưa nói lên gì", "weak signs that say little by themselves"),
    "delivery": ("Mã độc được đưa vào máy", "something malicious is brought in"),
    "c2": ("Máy liên lạc với máy chủ điều khiển", "the machine talks to who controls it"),
    "discovery": ("Dò tìm trong mạng", "looking around in the network"),
    "credential": ("Lấy tài khoản, mật khẩu", "getting accounts and passwords"),
    "lateral": ("Lây lan sang máy khác", "moving to other machines"),
    "action": ("Gây hại: lấy dữ liệu, phá hoại, phát tán", "the harm itself: theft, damage, spreading"),
    "policy": ("Vi phạm quy định, không phải nhiễm mã độc", "against the rules of the network, not an infection"),
}


def files() -> dict[str, str]:
    """``docs/reference/behaviours.md``."""
    out = ["# Behaviours · Hành vi", "", markdown.warning("schema/behaviours.yaml"), ""]
    out += ["Every rule names one of these; track and stage follow from it.", ""]
    out += ["Mỗi luật nêu đúng một hành vi trong bảng này; loại và giai đoạn do hành vi quyết định.", ""]
    for stage in STAGES:
        vi, en = STAGE_TEXTS[stage]
        rows = [(f"`{b.name}`", b.vi, b.en) for b in behaviours().values() if b.stage == stage]
        out += [f"## {stage}", "", f"{vi} · {en}.", "", *markdown.table(("Name", "Tiếng Việt", "English"), rows), ""]
    return {"docs/reference/behaviours.md": "\n".join(out)}
