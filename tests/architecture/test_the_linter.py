"""The test client's lint finds what it promises to find, and nothing on a good page."""

import pytest

from tests.support.page_lint import faults

PAGE = (
    '<!doctype html><html lang="zh-Hans"><head><title>驿站</title></head>'
    "<body><main><h1>暖心驿站</h1>{}</main></body></html>"
)
GOOD = """
  <label for="text">想要什么</label><textarea id="text" name="text"></textarea>
  <label>电话 <input name="phone"></label>
  <form method="post" action="/wishes">
    <input type="hidden" name="csrf_token" value="1"><input type="hidden" name="key" value="2">
    <button type="submit"><svg viewBox="0 0 1 1"><title>发布</title><path d="M0 0"/></svg></button>
  </form>
  <table><tbody><tr><td>手套</td></tr></tbody></table><img src="/p" alt="">
  <ul><li>1<br>2</li></ul><hx-partial hx-target="#a:not(:has(#b))"><p>x</p></hx-partial>
"""
BAD = {
    "<p>一": "<p> is still open",
    "<ul><div><li>一</ul></div>": "does not parse",
    "<p><span>一</p>": "<span> is still open",
    "<div/>": "does not close itself",
    '<p class="a" class="b"></p>': "attribute class 2 times",
    "<table><tbody><p>一</p></tbody></table>": "a browser builds something else",
    '<form method="get" action="/a"><form></form></form>': "a browser builds something else",
    '<a href="/a"><a href="/b">一</a></a>': "a browser builds something else",
    "<h1>二</h1>": "exactly one <h1>",
    '<p id="a"></p><p id="a"></p>': 'the id "a" stands 2 times',
    '<label for="nobody">一</label>': "nothing has that id",
    '<input name="phone">': "has no label",
    '<select name="kind"><option>一</option></select>': "has no label",
    "<button>一</button>": "has no type",
    '<button type="submit"></button>': "has no name",
    "<a>一</a>": "has no href",
    '<a href="/a"><img src="/p" alt=""></a>': "has no name",
    '<img src="/p">': "has no alt",
    '<form action="/a"></form>': "has no method",
    '<form method="get"></form>': "has no action",
    '<form method="post" action="/a"></form>': "posts without a csrf_token",
    '<p style="color: red"></p>': "inline style",
    "<style></style>": "inline style",
    "<script></script>": "inline script",
    '<p onclick="x()"></p>': "inline script onclick",
    '<p hx-on:click="x()"></p>': "inline script hx-on:click",
}


def test_a_good_page_passes() -> None:
    assert faults(PAGE.format(GOOD)) == []


@pytest.mark.parametrize(("html", "sentence"), BAD.items())
def test_a_fault_is_said(html: str, sentence: str) -> None:
    assert any(sentence in fault for fault in faults(PAGE.format(html)))


@pytest.mark.parametrize("html", ["", "<p>一</p>", "<li>一</li>", '<label for="x">一</label>'])
def test_a_fragment_needs_no_page_around_it(html: str) -> None:
    assert faults(html, fragment=True) == []
