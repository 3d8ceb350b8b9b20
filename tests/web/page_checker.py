"""What every page of the site keeps to, checked on every HTML answer of every test."""

import itertools
import re
from collections import Counter
from hashlib import sha256
from xml.etree.ElementTree import Element

import html5lib

FIELDS = {"input", "select", "textarea"}
SVG = "{http://www.w3.org/2000/svg}"
REFERRING = ("aria-describedby", "aria-labelledby", "aria-controls", "for")


_VARYING = re.compile(
    r'(?<=name="csrf_token" value=")[^"]+'
    r'|(?<=name="csrf_token" type="hidden" value=")[^"]+'
    r'|(?<=name="once" type="hidden" value=")[^"]+'
    r"|(?<=<code>)[0-9A-F]{8}(?=</code>)"
)


_IN_ORDER: set[bytes] = set()  # digests of pages that keep to every rule


class PageFault(AssertionError):
    """A page breaks one of the rules; the message names the page and the rule."""


def check_page(html: str, *, where: str, organisation: str) -> None:
    """Fail with every rule that this answer breaks. A part of a page (for htmx) has no frame to check.

    What differs on every showing (tokens, references) has no part in the rules: a page that was found to
    be in order once is not parsed again.
    """
    same = _VARYING.sub("", html)
    digest = sha256(f"{organisation}\n{same}".encode()).digest()
    if digest in _IN_ORDER:
        return
    faults = _faults(same, organisation)
    if faults:
        raise PageFault(f"{where}:\n" + "\n".join(faults))
    _IN_ORDER.add(digest)


def _faults(html: str, organisation: str) -> tuple[str, ...]:
    whole = html.lstrip().lower().startswith("<!doctype html>")
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html) if whole else parser.parseFragment(html)
    lines = html.splitlines()
    faults = [
        f"not HTML: {code} at line {line}: {lines[line - 1].strip()[:120]}"
        for (line, _column), code, _details in parser.errors
    ]
    if whole:
        faults += _heading_faults(tree, organisation)
    for rule in RULES:
        faults += rule(tree)
    return tuple(faults)


def _text(element: Element) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def _heading_faults(tree: Element, organisation: str) -> list[str]:
    headings = [_text(element) for element in tree.iter("h1")]
    titles = [_text(element) for element in tree.iter("title")]
    if len(headings) != 1 or not headings[0]:
        return [f"one h1 with words in it, not {headings}"]
    caption = next((_text(span) for h1 in tree.iter("h1") for span in h1.iter("span")), "")
    expected = headings[0].removeprefix(caption).strip()
    title = titles[0].removeprefix("Error: ") if titles else ""
    faults = (
        [] if title == f"{expected} - {organisation}" else [f"the title {titles} does not begin with the h1"]
    )
    if [element.get("lang") for element in tree.iter("html")] != ["en"]:
        faults.append("the page does not say its language")
    levels = [int(element.tag[1]) for element in tree.iter() if re.fullmatch(r"h[1-6]", str(element.tag))]
    # Messages above the h1 carry an h2 of their own: the kit's banner and error summary.
    below = levels[levels.index(1) :]
    jumps = [(one, two) for one, two in itertools.pairwise(below) if two > one + 1]
    return faults + [f"heading h{two} straight after h{one}" for one, two in jumps]


def _id_faults(tree: Element) -> list[str]:
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id") is not None)
    faults = [f"id {name!r} {times} times" for name, times in ids.items() if times > 1]
    faults += ["an id without a name"] if "" in ids else []
    for element in tree.iter():
        for attribute in REFERRING:
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    faults.append(f"{element.tag} {attribute}={name!r} leads nowhere")
        href = element.get("href") or ""
        if element.tag == "a" and href.startswith("#") and len(href) > 1 and href[1:] not in ids:
            faults.append(f"the link {href!r} ({_text(element)!r}) leads nowhere")
    return faults


def _label_faults(tree: Element) -> list[str]:
    labelled = {element.get("for") for element in tree.iter("label")}
    inside = {id(field) for label in tree.iter("label") for field in label.iter()}
    faults = []
    for element in tree.iter():
        if element.tag not in FIELDS or element.get("type") in {"hidden", "submit", "button"}:
            continue
        named = element.get("id") in labelled or id(element) in inside
        if not named and not element.get("aria-label") and not element.get("aria-labelledby"):
            faults.append(f"{element.tag} {element.get('name')!r} has no label")
    for tag in ("button", "a"):
        faults += [
            f"a {tag} without words: {element.attrib}"
            for element in tree.iter(tag)
            if not _text(element)
            and not element.get("aria-label")
            and not any(image.get("alt") for image in element.iter("img"))
        ]
    return faults


def _inline_faults(tree: Element) -> list[str]:
    faults = []
    for element in tree.iter():
        if element.tag == "style" or (element.tag == "script" and not element.get("src")):
            faults.append(f"an inline {element.tag}")
        for name, value in element.attrib.items():
            if str(name) == "style" or str(name).startswith(("on", "hx-on")):
                faults.append(f"{element.tag} carries {name}")
            if str(name) in {"href", "src", "action", "formaction"} and re.match(
                r"\s*(javascript|vbscript|data):", value, re.IGNORECASE
            ):
                faults.append(f"{element.tag} {name}={value[:40]!r}")
            if str(name) in {"href", "src", "action"} and "csrf_token" in value:
                faults.append(f"a token in an address: {value[:40]!r}")
    return faults


def _escaped_faults(tree: Element) -> list[str]:
    """Markup that arrives as text: escaped once too often."""
    texts = (text for element in tree.iter() for text in (element.text, element.tail) if text)
    return [
        f"markup shown as text: {text.strip()[:80]}" for text in texts if re.search(r'<\w+ class="', text)
    ]


def _form_faults(tree: Element) -> list[str]:
    return [
        f"the form to {form.get('action')!r} has no token against forged requests"
        for form in tree.iter("form")
        if (form.get("method") or "get").lower() == "post"
        and not any(element.get("name") == "csrf_token" for element in form.iter("input"))
    ]


def _table_faults(tree: Element) -> list[str]:
    faults = []
    for table in tree.iter("table"):
        if not any(_text(caption) for caption in table.iter("caption")):
            faults.append("a table without a caption")
        faults += [
            f"heading cell {_text(cell)!r} without a scope"
            for cell in table.iter("th")
            if not cell.get("scope")
        ]
    return faults


def _picture_faults(tree: Element) -> list[str]:
    faults = [
        f"img {image.get('src')!r} without alt" for image in tree.iter("img") if image.get("alt") is None
    ]
    for picture in tree.iter(f"{SVG}svg"):
        titles = [_text(title) for title in picture.iter(f"{SVG}title")]
        if picture.get("aria-hidden") != "true" and not any(titles):
            faults.append("an svg that is neither hidden nor titled")
    return faults


RULES = (
    _id_faults,
    _label_faults,
    _inline_faults,
    _escaped_faults,
    _form_faults,
    _table_faults,
    _picture_faults,
)
