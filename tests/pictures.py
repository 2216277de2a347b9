"""Pictures of every page the demo can be walked to, to be looked at by a human.

    ./run demo --port 8000
    .venv/bin/python -m tests.pictures --port 8000 --into /tmp/pictures

Walks the links as a candidate, at the desk as each colleague and as a stranger, keeps the fullest of the
first pages met of each name, and takes it in four looks: desktop and phone, light and dark, left to right and
mirrored. Wide pages, script errors and what answers 4xx or 5xx are printed; so are the pages that no link led
to. Pages are only opened: nothing is pressed.
"""

from __future__ import annotations

import argparse
import html
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.bench.rig.visitor import HOST, Visitor
from tests.browser import installed_chromium

FACES = ("ada", "rosa", "max", "ines", "alva", "")  # who walks first keeps the page; the last is a stranger
LOOKS: dict[str, dict[str, Any]] = {
    "desktop-light": {"width": 1280, "height": 900, "scheme": "light", "tongue": "en"},
    "phone-dark": {"width": 390, "height": 844, "scheme": "dark", "tongue": "en"},
    "phone-light-ar": {"width": 390, "height": 844, "scheme": "light", "tongue": "ar"},
    "desktop-dark-ar": {"width": 1280, "height": 900, "scheme": "dark", "tongue": "ar"},
}
TALLEST_PX = 2600
OF_A_NAME = 6  # so many pages of one name are read before the fullest is chosen
NO_PAGES = re.compile(
    r"^/(static|(en|fr|de|es|ar)/|api|harvest|scim|healthz|readyz|metrics|mail/in|sign-out)"
)
LINK = re.compile(r'(?:href|hx-get)="([^"#]+)')
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass
class Met:
    """The pages of one name that were met."""

    face: str
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def fullest(self) -> str:
        return max(self.sizes, key=lambda path: self.sizes[path])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--only", default="", help="a part of the names to take")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segue.settings")
    import django

    django.setup()
    options.into.mkdir(parents=True, exist_ok=True)
    met: dict[str, Met] = {}
    visitors = {face: _visitor(options.port, face) for face in FACES}
    for face, visitor in visitors.items():
        _walk(visitor, face, met)
    chosen = {name: one for name, one in met.items() if options.only in name}
    sys.stdout.write(f"{len(chosen)} pages\n")
    sys.stdout.flush()
    _take(visitors, chosen, options.port, options.into)
    from tests.web.permissions.addresses import pages

    missing = sorted({page.name for page in pages()} - set(met))
    sys.stdout.write("No link led to: " + ", ".join(missing) + "\n")


def _visitor(port: int, face: str) -> Visitor:
    visitor = Visitor(port)
    if face:
        visitor.sign_in(f"{face}@example.com")
    return visitor


def _walk(visitor: Visitor, face: str, met: dict[str, Met]) -> None:
    from django.urls import Resolver404, resolve

    waiting, seen = ["/", "/desk/"], {"/", "/desk/"}
    read: dict[str, int] = {}
    while waiting:
        path = waiting.pop(0)
        try:
            name = resolve(urlsplit(path).path).view_name
        except Resolver404:
            sys.stdout.write(f"{face or 'stranger'}: a link to nowhere, {path}\n")
            continue
        name += "+" if urlsplit(path).query else ""
        if read.get(name, 0) >= OF_A_NAME:
            continue
        read[name] = read.get(name, 0) + 1
        answer = visitor.get(path)
        if answer.status >= 400:
            sys.stdout.write(f"{face or 'stranger'}: {answer.status} {path}\n")
        if answer.status == 200 and "<html" in answer.text[:400].lower():
            one = met.setdefault(name, Met(face))
            if one.face == face:
                one.sizes[path] = len(answer.text)
        for link in [answer.location, *LINK.findall(answer.text)]:
            target = urlsplit(urljoin(f"http://{HOST}{path}", html.unescape(link)))
            onward = target.path + (f"?{target.query}" if target.query else "")
            here = target.hostname in {HOST, "localhost"} and target.scheme == "http"
            if here and onward not in seen and not NO_PAGES.match(onward):
                seen.add(onward)
                waiting.append(onward)


def _take(visitors: dict[str, Visitor], chosen: dict[str, Met], port: int, into: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=installed_chromium(), args=["--no-sandbox"])
        for look, how in LOOKS.items():
            for face, visitor in visitors.items():
                context = chromium.new_context(
                    viewport={"width": how["width"], "height": how["height"]},
                    color_scheme=how["scheme"],
                    base_url=f"http://{HOST}:{port}",
                    reduced_motion="reduce",
                )
                cookies = visitor.cookies | {"language": how["tongue"]}
                url = f"http://{HOST}:{port}"
                context.add_cookies(
                    [{"name": name, "value": value, "url": url} for name, value in cookies.items()]
                )
                for name, one in sorted(chosen.items()):
                    if one.face == face:
                        _one(context, one.fullest, into / f"{name.replace(':', '.')}.{look}.png", how)
                context.close()
        chromium.close()


def _one(context: Any, path: str, file: Path, how: dict[str, Any]) -> None:
    page = context.new_page()
    page.on("pageerror", lambda error: sys.stdout.write(f"script error on {path}: {error}\n"))
    page.goto(path)
    page.wait_for_load_state()
    if page.evaluate(WIDER):
        sys.stdout.write(f"wider than the window: {path} ({file.stem})\n")
    tall = min(TALLEST_PX, page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": how["width"], "height": max(how["height"], tall)})
    page.screenshot(path=file, timeout=60_000)
    page.close()


if __name__ == "__main__":
    main()
