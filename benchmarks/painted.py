"""From the moment in which a courier sends a wish to the moment in which another browser shows it.

Chromium looks at a wall; wishes are posted over HTTP by somebody else. Painted is the first task
after the animation frame in which the new card is there.
"""

import http.client
import json
import re
import secrets
import shutil
import time
from urllib.parse import urlencode

from playwright.sync_api import Page, Route, sync_playwright

from benchmarks.city import City
from benchmarks.serving import Served
from wishwall.config import ROOT

WISHES, POSTS = 100_000, 100
PATIENCE_SECONDS = 5
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ROOMY = {"OPEN_WISHES": "10000", "LIMIT_POSTING": "100000 per hour"}
ROOMY["LIMIT_POSTING_ADDRESS"] = ROOMY["LIMIT_POSTING"]
WATCH = """() => {
  window.painted = {};
  new MutationObserver(records => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      const moment = performance.timeOrigin + performance.now();
      for (const { addedNodes } of records) for (const node of addedNodes) {
        const words = node.querySelector?.('.words');
        if (words) window.painted[words.textContent] = moment;
      }
    };
    port2.postMessage(0);
  })).observe(document.getElementById('wall'), { childList: true });
}"""


class Courier:
    """Somebody who posts, on one connection that stays open."""

    def __init__(self, port: int, wall: str, cookie: str) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._wall = wall
        self._line.request("GET", wall, headers={"Cookie": cookie})
        answer = self._line.getresponse()
        token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
        session = answer.headers.get("Set-Cookie", cookie).partition(";")[0]
        if token is None:
            raise RuntimeError("there is no form to post with")
        self._token, self._cookie = token[1], session

    def post(self, text: str) -> float:
        """Post a wish; the moment before it was sent, in milliseconds."""
        fields = {"csrf_token": self._token, "key": secrets.token_urlsafe(16), "text": text}
        headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        began = time.time() * 1000
        body = urlencode({**fields, "category": "goods"})
        self._line.request("POST", self._wall, body, headers)
        answer = self._line.getresponse()
        answer.read()
        if answer.status != 303:
            raise RuntimeError(f"the wish was answered with {answer.status}")
        return began


def _own_copy(route: Route) -> None:
    name = route.request.url.partition("/dist/")[2]
    route.fulfill(
        body=(ROOT / "static" / "vendor" / name).read_bytes(),
        content_type="text/javascript",
        headers={"Access-Control-Allow-Origin": "*"},
    )


def _painted(page: Page, text: str) -> float:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        moment = page.evaluate("text => window.painted[text]", text)
        if moment:
            return float(moment)
        time.sleep(0.02)
    raise RuntimeError(f"never seen: {text}")


def main() -> None:
    """Measure, and say it as one line of JSON."""
    city = City(WISHES)
    wall = f"/stations/{city.full_walls()[0]}/wishes"
    waited = []
    with Served(city.instance, **ROOMY) as site, sync_playwright() as playwright:
        program = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=program)
        page = browser.new_page()
        page.route("https://unpkg.com/**", _own_copy)
        page.goto(f"http://127.0.0.1:{site.port}{wall}")
        page.wait_for_selector("#link[data-state=live]")
        page.evaluate(WATCH)
        courier = Courier(site.port, wall, city.cookie_of("courier"))
        for number in range(POSTS):
            text = f"想要一把伞 {secrets.token_hex(4)} {number}"
            began = courier.post(text)
            waited.append(_painted(page, text) - began)
            time.sleep(0.05)
        browser.close()
    waited.sort()
    print(f"{POSTS} posts, sent to painted: {waited[0]:.0f} to {waited[-1]:.0f} ms")
    print(
        json.dumps(
            {
                "painted_p50_ms": round(waited[POSTS // 2], 1),
                "painted_p95_ms": round(waited[POSTS * 95 // 100], 1),
            }
        )
    )
