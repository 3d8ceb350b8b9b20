"""Templates → PDF: one WeasyPrint, warmed once, that can reach nothing but what it was handed.

Each file is PDF/A-3a (it can be archived, and carries its facts) and PDF/UA-1 (it can be read aloud).
WeasyPrint writes one of the two; the other's identifier is added to the metadata here. veraPDF judges both in
the tests.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from skillsmatrix.documents.fonts import FAMILIES, use_bundled_fonts
from skillsmatrix.documents.wording import long_day

# PDF/A knows no PDF/UA identifier, so the file has to bring the schema that declares it (ISO 19005-3,
# 6.6.2.3).
_ACCESSIBLE = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
  <pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about=""
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>Part of ISO 14289 that the file keeps</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""


class DoesNotFit(Exception):
    """The content needs more pages than the document may have, even at its densest."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that travels inside the PDF; `relationship` is the associated-file kind (Data, Supplement)."""

    name: str
    content: bytes
    description: str
    relationship: str


class Renderer:
    """A warm renderer: fonts, style sheets and templates are read once and kept.

    `templates` is the project's templates folder. Keep one per process: it is not safe across threads.
    """

    def __init__(self, templates: Path, *, fonts: Path | None = None) -> None:
        use_bundled_fonts(fonts)
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher

        class NothingButAssets(URLFetcher):  # type: ignore[misc]
            """Serves the named assets of one document; every other address is refused unread."""

            def __init__(self, assets: Mapping[str, tuple[str, bytes]]) -> None:
                super().__init__(allowed_protocols=("asset",), allow_redirects=False)
                self._assets = assets

            def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002 - the caller's signature
                from weasyprint.urls import URLFetcherResponse

                if url not in self._assets:
                    raise ValueError("not an asset of this document")
                kind, content = self._assets[url]
                return URLFetcherResponse(url, content, {"Content-Type": kind})

        self._weasyprint = weasyprint
        self._fetcher = NothingButAssets
        self._fonts = FontConfiguration()
        self._colours = _screen_colours()
        self._templates = Environment(
            loader=FileSystemLoader(templates / "documents"),
            autoescape=select_autoescape(("html",)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["long_day"] = long_day
        self._styles: dict[str, Any] = {}

    def pdf(
        self,
        template: str,
        values: Mapping[str, object],
        *,
        made_at: datetime,
        identifier: str,
        assets: Mapping[str, tuple[str, bytes]],
        attached: Sequence[AttachedFile] = (),
        densities: Sequence[str] = ("",),
        pages: int | None = None,
    ) -> bytes:
        """The filled-in template as an accessible, archivable PDF; the same arguments give the same bytes.

        `assets`: address in the template (`asset:qr`) → media type and content. Each density in turn is given
        to the template until the result has at most `pages` pages; DoesNotFit when none does.
        """
        for density in densities:
            document = self._laid_out(template, {**values, "density": density, "made_at": made_at}, assets)
            if pages is None or len(document.pages) <= pages:
                return self._written(document, identifier=identifier, attached=attached, made_at=made_at)
        raise DoesNotFit(f"{template} needs more than {pages} page(s)")

    def _laid_out(
        self, template: str, values: Mapping[str, object], assets: Mapping[str, tuple[str, bytes]]
    ) -> Any:
        html = self._weasyprint.HTML(
            string=self._templates.get_template(template).render(values),
            base_url="asset:",
            url_fetcher=self._fetcher(assets),
        )
        return html.render(
            font_config=self._fonts,
            stylesheets=[self._style(template)],
            color_profiles={"srgb": self._colours},
            pdf_variant="pdf/a-3a",
        )

    def _style(self, template: str) -> Any:
        name = template.replace(".html", ".css")
        if name not in self._styles:
            text = self._templates.get_template(name).render(families=FAMILIES)
            self._styles[name] = self._weasyprint.CSS(
                string=text, font_config=self._fonts, url_fetcher=self._fetcher({}), base_url="asset:"
            )
        return self._styles[name]

    def _written(
        self, document: Any, *, identifier: str, attached: Sequence[AttachedFile], made_at: datetime
    ) -> bytes:
        plain = document.metadata.generate_rdf_metadata
        document.metadata.generate_rdf_metadata = lambda *about: _with_accessible(plain(*about))
        day = made_at.astimezone(UTC)
        attachments = [
            self._weasyprint.Attachment(
                string=file.content,
                name=file.name,
                description=file.description,
                relationship=file.relationship,
                created=day,
                modified=day,
            )
            # The name tree of attachments has to be in order of name.
            for file in sorted(attached, key=lambda file: file.name)
        ]
        written: bytes = document.write_pdf(
            pdf_variant="pdf/a-3a",
            pdf_identifier=identifier.encode(),
            output_intent="the profile given when laying out",  # "srgb" would open the file again each time
            attachments=attachments,
            finisher=_tidied,
        )
        return written


def _screen_colours() -> Any:
    """The sRGB profile that PDF/A wants inside the file: WeasyPrint's own copy, read once."""
    from weasyprint.css import ColorProfile

    profile = (files("weasyprint") / "pdf" / "sRGB2014.icc").read_bytes()

    class Unchanged(ColorProfile):  # type: ignore[misc]
        """Written as it was read: the imaging library writes other bytes each time it is asked."""

        content = profile

    return Unchanged(io.BytesIO(profile), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


def _with_accessible(rdf: bytes) -> bytes:
    # Inside the one RDF element: validators read no second one.
    end = b"</rdf:RDF>"
    if rdf.count(end) != 1:
        raise RuntimeError("WeasyPrint writes its metadata in another form than expected")
    return rdf.replace(end, _ACCESSIBLE)


def _tidied(_document: object, pdf: Any) -> None:
    # WeasyPrint lists each attachment once by name and once by object: one entry each is enough.
    if "AF" in pdf.catalog:
        once = {_reference(entry): entry for entry in pdf.catalog["AF"]}
        pdf.catalog["AF"][:] = once.values()


def _reference(entry: object) -> bytes:
    return entry if isinstance(entry, bytes) else str(entry).encode()
