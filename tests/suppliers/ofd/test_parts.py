"""What is shown must be what was sealed: files that play two parts, names that mean two files, names of nothing."""

from __future__ import annotations

from typing import Any

import pytest

from suppliers import ofd
from suppliers.reading import others
from tests.suppliers.ofd import workshop
from tests.suppliers.ofd.workshop import NOW, ROOT, SIGNER, Holder, Seal, Signing, packed, plain, sealed, text

PAGE = "Doc_0/Pages/Page_0/Content.xml"
LIST = "Doc_0/Signs/Signatures.xml"
SUPPLIER = Holder("某供应商公章", organisation="某供应商有限公司", by=ROOT, serial=21)
OTHER = "伪造的食品生产许可证"
Files = dict[str, bytes]


def look(files: Files) -> dict[str, Any]:
    return ofd.look(packed(files), [(ROOT.pem, ROOT.revokes(999))], NOW)


def whole(seen: dict[str, Any]) -> bool:
    return seen["trouble"] is None and all(each["trusted"] and each["covers_whole_file"] for each in seen["signatures"])


def relative(files: Files) -> Files:
    """Sealed with names from the root that do not begin with / , as some writers have them."""
    done = dict(files)
    signing, folder = Signing(), "Doc_0/Signs/Sign_0"
    done[LIST] = f'<ofd:Signatures {workshop._SPACE}><ofd:Signature ID="0" BaseLoc="/{folder}/Signature.xml"/></ofd:Signatures>'.encode()
    _add(done, f"{folder}/Signature.xml", f"{folder}/SignedValue.dat", signing, [name for name in done if name != LIST], slash="")
    return done


def _add(files: Files, name: str, value: str, signing: Signing, covered: list[str], inside: str = "", slash: str = "/") -> None:
    references = "".join(
        f'<ofd:Reference FileRef="{slash}{each}"><ofd:CheckValue>{workshop._digest("SM3", files[each])}</ofd:CheckValue></ofd:Reference>'
        for each in covered
    )
    content = (
        f"<ofd:Signature {workshop._SPACE}><ofd:SignedInfo><ofd:References CheckMethod='SM3'>{references}</ofd:References></ofd:SignedInfo>"
        f"<ofd:SignedValue>/{value}</ofd:SignedValue>{inside}</ofd:Signature>"
    ).encode()
    files[name], files[value] = content, signing.value(content, f"/{name}")


def disguised(files: Files, name: str, inside: str, kind: str = "v4") -> Files:
    """A second signature, by somebody whose seal is believed as well, whose own file bears the name of a part."""
    done = dict(files)
    signing = Signing(kind, signer=SUPPLIER, seal=Seal(listed=(SUPPLIER,)), stamp=False)
    _add(done, name, "Doc_0/Signs/other.dat", signing, ["OFD.xml"], inside)
    entry = f'<ofd:Signature ID="1" Type="Seal" BaseLoc="/{name}"/></ofd:Signatures>'.encode()
    done[LIST] = done[LIST].replace(b"</ofd:Signatures>", entry)
    return done


def test_names_without_a_slash_hold() -> None:
    assert whole(look(relative(plain(signed=True))))


@pytest.mark.parametrize("kind", ["v4", "bare", "cms"])
def test_a_page_is_no_signature(kind: str) -> None:
    files = relative(plain(signed=True))
    files[f"Doc_0/Signs/Sign_0/{PAGE}"] = files[PAGE]
    forged = disguised(files, PAGE, f'<ofd:Content><ofd:Layer ID="2">{text(OTHER)}</ofd:Layer></ofd:Content>', kind)
    seen = look(forged)
    assert seen["trouble"] == "ofd.broken"
    assert not seen["lines"]


@pytest.mark.parametrize("kind", ["v4", "bare", "cms"])
def test_what_is_named_and_not_there_cannot_be_brought_along(kind: str) -> None:
    files = sealed(Signing(), files=plain(signed=True, more="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"))
    assert whole(look(files))
    shown = f'<ofd:Annot ID="5" Type="Watermark"><ofd:Appearance Boundary="0 0 200 100">{text(OTHER)}</ofd:Appearance></ofd:Annot>'
    inside = f'<ofd:Page PageID="1"><ofd:FileLoc>Annotations.xml</ofd:FileLoc></ofd:Page>{shown}'
    assert look(disguised(files, "Doc_0/Annots/Annotations.xml", inside, kind))["trouble"] == "ofd.broken"


@pytest.mark.parametrize("part", ["common", "more"])
def test_every_part_is_what_it_is_named_as(part: str) -> None:
    named = {
        "common": '<ofd:TemplatePage ID="4" BaseLoc="Odd.xml"/><ofd:PublicRes>Odd.xml</ofd:PublicRes>',
        "more": "<ofd:Annotations>Odd.xml</ofd:Annotations>",
    }
    files = plain(**{part: named[part]}) | {"Doc_0/Odd.xml": b"<Odd/>"}  # type: ignore[arg-type]
    assert look(files)["trouble"] == "ofd.broken"


def test_data_in_a_signature_is_not_sealed() -> None:
    tags = b"<CustomTags><CustomTag><FileLoc>/Doc_0/Tag.xml</FileLoc></CustomTag></CustomTags>"
    named = plain(signed=True, more="<ofd:CustomTags>Tags.xml</ofd:CustomTags>") | {"Doc_0/Tags.xml": tags}
    files = sealed(Signing(), files=named)
    assert whole(look(files))
    seen = look(disguised(files, "Doc_0/Tag.xml", "<有效期至>2031-12-31</有效期至>"))
    assert seen["uncovered"] == ["Doc_0/Tag.xml"]
    assert not any(each["covers_whole_file"] for each in seen["signatures"])


def test_a_name_that_means_two_files_seals_neither() -> None:
    files = relative(plain(signed=True))
    files[f"Doc_0/Signs/Sign_0/{PAGE}"] = files[PAGE]
    (signature,) = look(files)["signatures"]
    assert not signature["intact"]
    assert PAGE in signature["changed_files"][0]


def test_nothing_shown_lies_where_a_signature_lies() -> None:
    files = plain(signed=True)
    files["Doc_0/Signs/Sign_0/Page.xml"] = files.pop(PAGE)
    files["Doc_0/Document.xml"] = files["Doc_0/Document.xml"].replace(b"Pages/Page_0/Content.xml", b"Signs/Sign_0/Page.xml")
    seen = look(sealed(Signing(), files=files))
    assert seen["uncovered"] == ["Doc_0/Signs/Sign_0/Page.xml"]
    assert not whole(seen)


def test_the_reading_passes_revocation_lists_on() -> None:
    known = {"anchors": [(ROOT.pem, ROOT.revokes(SIGNER.serial))], "at": NOW}
    (signature,) = others.look(packed(sealed(Signing())), known)[0]["signatures"]
    assert (signature["revoked"], signature["trusted"], signature["revocation_known"]) == (True, False, True)
