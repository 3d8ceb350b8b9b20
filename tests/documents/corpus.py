"""Two hundred awkward names and texts: the workforce's own, the ones that break layouts, and the hostile."""

import random
import unicodedata

from skillsmatrix.documents.facts import LIMITS, CertificateFacts
from tests.documents.builders import certificate_facts

# Spelt as their holders spell them. Every one has to come out of the page as it went in.
NAMES = (
    "Siân Ŵyn Prydderch", "Llŷr Gwŷdd", "Ọláwálé Ṣọlá Adébáyọ̀", "Ẹniọlá Ẹ̀bùn", "Chukwụemeka Ọkọlị",
    "Ṅgọzị", "Nguyễn Thị Ánh Tuyết", "Trần Đỗ Phương Ưu", "Małgorzata Śliwińska-Żółć",
    "Łukasz Brzęczyszczykiewicz", "Zoë O’Brien-D'Souza", "François Lefèvre", "Jürgen Großmann",
    "Åse Bjørnsdóttir Þórðarson", "İbrahim Çağlayan", "Ștefan Țurcanu", "Jiří Dvořák", "Ľubica Šťastná",
    "Dženana Đukić", "Māra Ķēniņa", "Živilė Šimkutė", "Inés Muñoz Ibáñez", "João Simões",
    "Γιώργος Παπαδόπουλος", "Наталія Ґалаґан", "Александр Щукин", "محمد عبد الله الأنصاري",
    "فاطمة الزهراء", "علی‌رضا حسینی", "پروین گلچهره", "محمد Smith", "Noor النور Ahmed", "Q", "Ö", "X Æ",
    "Prince", "Nzinga", "D’Arcy", "van der Merwe", "Mary-Jane", "Anne  Marie", "MacLeod", "ffion",
)  # fmt: skip

HOSTILE = (
    "<b>bold</b>", "<script>alert(1)</script>", "</body></html>", "{{7*7}}", "{{ config }}",
    "{% raw %}", "${7*7}", "<img src=file:///etc/passwd>",
    "<link rel=attachment href='file:///etc/passwd'>", "&lt;&amp;&#x202e;", "--><!--",
    "'; DROP TABLE staff; --", "url(http://127.0.0.1/x)", "@import 'file:///etc/passwd'",
    "\\0 \\n \\u202e", "=1+1", "a\u202eb", "\u2066x\u2069", "zero\u200bwidth", "soft\u00adhyphen",
    "nul\x00", "bell\x07", "\ufeffmark", "\ue000", "\ud800", "\U000e0041", "tab\tline\nend\r",
    "\u2028line\u2029", "漢字", "हिन्दी", "😀 smile", "\ufffe", "Z͑ͫ̓ͪ̂a̴̵̶l̷̸g̹o̺", "\u0301leading mark",
    " ", "", "\u3000", "\u00a0", "\u200c", "ي\u200c", "%s %d", "%PDF-1.7", "(bracket", "back\\slash",
)  # fmt: skip

_TEXTS = [name for name in LIMITS if name not in ("holder", "fingerprint")]


# One of each awkward kind: scripts and diacritics, one letter, markup, addresses, braces, tricks with
# direction, invisible and missing characters, marks piled up.
CHOSEN = (
    "Llŷr Gwŷdd", "Ọláwálé Ṣọlá Adébáyọ̀", "Nguyễn Thị Ánh Tuyết", "Małgorzata Śliwińska-Żółć",
    "Наталія Ґалаґан", "محمد عبد الله الأنصاري", "علی‌رضا حسینی", "Noor النور Ahmed", "Q",
    "<script>alert(1)</script>", "{{ config }}", "<img src=file:///etc/passwd>", "a\u202eb", "nul\x00",
    "\ud800", "漢字", "Z͑ͫ̓ͪ̂a̴̵̶l̷̸g̹o̺", "",
)  # fmt: skip


def corpus() -> list[CertificateFacts]:
    """200 certificates, the same every time: each name, each hostile text in a place of its own, lengths."""
    made = [certificate_facts(holder=name, assessor=name, signatory=name) for name in NAMES]
    made += [
        certificate_facts(holder=text, **{_TEXTS[i % len(_TEXTS)]: text}) for i, text in enumerate(HOSTILE)
    ]
    made += [
        certificate_facts(**{field: (letter * LIMITS[field])[: LIMITS[field]]})
        for letter in ("W", "i", "Wm ", "ش", "Ộ")
        for field in LIMITS
    ]
    made += _extremes()
    return made + _mixed(200 - len(made))


def chosen() -> list[CertificateFacts]:
    """24 of them: every awkward kind at least once."""
    named = [
        certificate_facts(**{"holder": text, "assessor": text, _TEXTS[i % len(_TEXTS)]: text})
        for i, text in enumerate(CHOSEN)
    ]
    return named + _extremes() + _mixed(24 - len(named) - len(_extremes()))


def _extremes() -> list[CertificateFacts]:
    """Everything far too long, everything too long and short of spaces, everything empty, no dates."""
    return [
        certificate_facts(holder="N" * 120, **dict.fromkeys(_TEXTS, "W " * 25000)),
        certificate_facts(**dict.fromkeys(LIMITS, "W" * 50000)),
        certificate_facts(**{field: "" for field in LIMITS if field not in ("holder", "issuer")}),
        certificate_facts(valid_to=None, assessed_on=None, learning_completed_on=None),
    ]


def _mixed(count: int) -> list[CertificateFacts]:
    """Every field at once, out of pieces of the others."""
    source = random.Random(20250602)  # noqa: S311 - any sequence will do, as long as it is the same
    pieces = [*NAMES, *HOSTILE]

    def text(limit: int) -> str:
        words = " ".join(source.choice(pieces) for _ in range(source.randint(1, 12)))
        return words[: source.randint(1, limit)]

    return [
        certificate_facts(
            level=source.randint(1, 5),
            colour=f"#{source.randrange(1 << 24):06x}",
            **{field: text(limit) for field, limit in LIMITS.items()},
        )
        for _ in range(count)
    ]


def printed_letters(text: str) -> str:
    """Letters only, composed: what has to come out of a page again, whatever the line breaks."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c)[0] in "LM")
