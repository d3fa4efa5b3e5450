"""Well-known places: what the machines of an office ask for on an ordinary day."""

from __future__ import annotations

NEWS = (
    "vnexpress.net", "tuoitre.vn", "thanhnien.vn", "dantri.com.vn", "nhandan.vn", "vietnamplus.vn", "baochinhphu.vn",
    "dangcongsan.vn", "laodong.vn", "vov.vn", "vtv.vn", "qdnd.vn", "cand.com.vn", "tienphong.vn",
)  # fmt: skip
SERVICES = (
    "dichvucong.gov.vn", "chinhphu.vn", "vanban.chinhphu.vn", "thuvienphapluat.vn", "moj.gov.vn", "mof.gov.vn",
    "www.google.com", "www.bing.com", "vi.wikipedia.org", "fonts.googleapis.com", "www.gstatic.com",
    "ajax.googleapis.com", "cdn.jsdelivr.net", "login.microsoftonline.com", "www.office.com",
)  # fmt: skip
SITES = NEWS + SERVICES
UPDATES = "download.windowsupdate.com"
UPDATE_SERVICES = (
    "fe2cr.update.microsoft.com", "slscr.update.microsoft.com", "settings-win.data.microsoft.com",
    "ctldl.windowsupdate.com", "edge.microsoft.com",
)  # fmt: skip
UPDATE_AGENT = "Microsoft-Delivery-Optimization/10.1"
DOMAIN = "tinhuy.example"
"""The office's own domain."""
OFFICE_NAMES = tuple(f"{name}.{DOMAIN}" for name in ("dc01", "tepchung", "mail", "vanban", "wsus", "hop", "mayin02"))
