"""The page checker sees what it is there to see."""

import pytest

from tests.web.page_checker import PageFault, check_page

FRAME = (
    '<!DOCTYPE html><html lang="en"><head><title>{title}</title></head>'
    "<body><h1>Services</h1>{body}</body></html>"
)


def page(body: str = "", title: str = "Services - Org") -> str:
    return FRAME.format(title=title, body=body)


def test_a_page_in_order_passes() -> None:
    body = '<label for="a">A</label><input id="a" name="a"><a href="#a">Go</a>'

    check_page(page(body), where="here", organisation="Org")


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (page(title="Other - Org"), "title"),
        (page(title="Services"), "title"),
        (page("<h1>Again</h1>"), "one h1"),
        (page('<h2>Two</h2><h4 id="f">Four</h4>'), "straight after"),
        (page("<p><div></p></div>"), "not HTML"),
        (page('<p id="x"></p><p id="x"></p>'), "2 times"),
        (page('<input name="a">'), "no label"),
        (page('<label for="gone">A</label>'), "leads nowhere"),
        (page('<a href="#gone">A</a>'), "leads nowhere"),
        (page('<p style="color:red">A</p>'), "carries style"),
        (page('<p onclick="x()">A</p>'), "carries onclick"),
        (page("<script>x()</script>"), "inline script"),
        (page('<a href="javascript:x()">A</a>'), "javascript"),
        (page('<a href="/x?csrf_token=1">A</a>'), "token in an address"),
        (page('<form method="post"><button>Go</button></form>'), "no token"),
        (page("<table><tr><th scope='row'>A</th></tr></table>"), "without a caption"),
        (page("<table><caption>C</caption><tr><th>A</th></tr></table>"), "without a scope"),
        (page('<img src="/x.png">'), "without alt"),
        (page("<svg></svg>"), "neither hidden nor titled"),
        (page('<a href="/"></a>'), "without words"),
        (page('<p>&lt;span class="x"&gt;</p>'), "shown as text"),
        (FRAME.replace(' lang="en"', "").format(title="Services - Org", body=""), "language"),
    ],
)
def test_each_fault_is_seen(html: str, said: str) -> None:
    with pytest.raises(PageFault, match=said):
        check_page(html, where="here", organisation="Org")


def test_a_part_of_a_page_needs_no_frame_but_keeps_the_rules() -> None:
    check_page("<p>Only this</p>", where="here", organisation="Org")
    with pytest.raises(PageFault, match="carries style"):
        check_page('<p style="x">Only this</p>', where="here", organisation="Org")
