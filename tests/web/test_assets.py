"""Style sheets and scripts: ours alone, no font of the NHS, readable in any brand colour."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from skillsmatrix.web.shared.assets import STATIC, asset_url, brand, started, without_fonts
from tests.web.conftest import CheckedClient

EVERY_FILE = ["app.css", "app.js", "brand.css", "favicon.svg", "htmx.js", "kit.css", "kit.js"]


def address(app: Flask, name: str) -> str:
    with app.test_request_context():
        return asset_url(name)


@pytest.mark.parametrize("name", EVERY_FILE)
def test_every_file_is_served_and_asks_no_other_host(app: Flask, client: CheckedClient, name: str) -> None:
    response = client.get(address(app, name))

    assert response.status_code == 200
    text = response.text
    assert not re.search(r"url\(\s*[\"']?https?:|@import|frutiger|nhs\.uk/fonts|sourceMappingURL", text, re.I)


def test_a_file_is_only_at_its_own_digest(app: Flask, client: CheckedClient) -> None:
    good = address(app, "kit.css")

    assert client.get(re.sub(r"/assets/\w+/", "/assets/0000000000000000/", good)).status_code == 404
    assert client.get(good.replace("kit.css", "..%2f..%2fapp.py")).status_code == 404


def test_a_browser_that_takes_gzip_gets_it(app: Flask, client: CheckedClient) -> None:
    zipped = client.get(address(app, "kit.css"), headers={"Accept-Encoding": "gzip"})
    plain = client.get(address(app, "kit.css"))

    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert len(zipped.data) < len(plain.data) / 4


def test_font_rules_and_the_font_go_and_the_rest_stays() -> None:
    rule = "@font-face{font-family:Frutiger W01;src:url(https://x/y)}"
    css = rule + "body{font-family:Frutiger W01,arial,sans-serif}"

    assert without_fonts(css) == "body{font-family:arial,sans-serif}"


def test_the_kit_starts_itself_and_names_no_map() -> None:
    script = started("function initAll(){}export{initAll};\n//# sourceMappingURL=a.map")

    assert "sourceMappingURL" not in script
    assert script.endswith("initAll();")


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", ["#003087", "#ffeb3b", "#007f3b", "#ffffff", "#000000", "#9a6ddb"])
def test_the_header_can_be_read_in_any_colour(colour: str) -> None:
    background, text = re.findall(r"#[0-9a-f]{6}", brand(colour))

    assert background == colour
    assert contrast(background, text) >= 4.5


def test_every_standing_can_be_read_and_has_a_shape_of_its_own() -> None:
    css = Path(STATIC, "app.css").read_text()
    rules = re.findall(
        r"\.app-standing--(\w+) \{ --standing-text: (#\w+); "
        r"--standing-ground: (#\w+); --standing-shape: (.+?); \}",
        css,
    )

    assert len(rules) == 11
    assert len({shape for _, _, _, shape in rules}) == 11
    assert all(contrast(text, ground) >= 7 for _, text, ground, _ in rules)


def test_a_logo_stands_in_the_header(make_app, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    logo = tmp_path / "house.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')

    client = make_app(organisation_logo=logo).test_client()
    page = client.get("/sign-in").text

    found = re.search(r'src="(/assets/\w+/logo\.svg)" alt=""', page)
    assert found
    assert client.get(found[1]).data == logo.read_bytes()
