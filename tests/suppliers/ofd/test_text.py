"""Words, pictures and particulars of pages, with their places."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import Any

import pytest
from PIL import Image

from suppliers import ofd
from suppliers.ofd.drawing import deltas
from tests.suppliers.ofd.workshop import NOW, PNG, Signing, packed, page, plain, sealed, text

RES = "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
PUBLIC = (
    b'<Res xmlns="http://www.ofdspec.org/2016" BaseLoc="Res">'
    b'<MultiMedias><MultiMedia ID="7" Type="Image"><MediaFile>a.png</MediaFile></MultiMedia>'
    b'</MultiMedias><Fonts><Font ID="3" FontName="x"><FontFile>f.ttf</FontFile></Font></Fonts></Res>'
)


def look(files: dict[str, bytes]) -> dict[str, Any]:
    seen = ofd.look(packed(files), [], NOW)
    assert seen["trouble"] is None
    return seen


def lines(*things: str, more: str = "") -> list[tuple[str, list[float]]]:
    return [(line["text"], line["box"]) for line in look(plain(page(*things, more=more)))["lines"]]


@pytest.mark.parametrize(
    ("written", "most", "meant"),
    [
        ("3 4.5", 9, [3, 4.5]), ("g 3 2", 9, [2, 2, 2]), ("1 g 2 3 4", 9, [1, 3, 3, 4]), ("g 9999999 1", 4, [1] * 4), ("", 9, []),
        ("x 1", 9, []), ("g 2", 9, []), ("1 nan 2", 9, [1]), ("g -5 1 2", 9, [2]), ("1e99", 9, []),
    ],
)  # fmt: skip
def test_deltas(written: str, most: int, meant: list[float]) -> None:
    assert deltas(written, most) == meant


def test_a_line_has_its_place() -> None:
    # page 200 × 100 mm; the object at (20, 30), base line 5 mm below, seven letters of 5 mm
    assert lines(text("食品生产许可证")) == [("食品生产许可证", [0.1, 0.306, 0.275, 0.356])]
    assert lines(text("证书", code='DeltaX="10"', size=10, more='CTM="0.5 0 0 0.5 0 0"')) == [("证书", [0.1, 0.306, 0.15, 0.356])]


def test_letters_put_down_one_by_one_are_one_line() -> None:
    assert [words for words, _ in lines(*(text(sign, x=20 + 5 * n) for n, sign in enumerate("许可证编号")))] == ["许可证编号"]
    assert [words for words, _ in lines(text("号", x=60), text("编", x=55), text("日期", x=20, y=60), text("SC", x=66))] == [
        "编号SC",
        "日期",
    ]


def test_cells_of_a_table_stay_apart() -> None:
    assert [words for words, _ in lines(text("名称", x=20), text("样本乳业", x=60))] == ["名称", "样本乳业"]
    assert [words for words, _ in lines(text("名称甲", code='DeltaX="5 40"'))] == ["名称", "甲"]
    assert [words for words, _ in lines(text("GB19301", code='DeltaX="2.5 5 g 4 2.5"'))] == ["GB 19301"]


def test_words_that_nobody_sees_are_no_lines() -> None:
    files = plain(
        page(text("看得见"), text("看不见", y=60, more='Visible="false"'), text("透明", y=80, more='Alpha="0"'), text("页外", x=500))
    )
    seen = look(files)
    assert [line["text"] for line in seen["lines"]] == ["看得见"]
    assert [(signal["name"], signal["page"]) for signal in seen["signals"]] == [("ofd.hidden_words", 1)]


def test_templates_blocks_and_annotations_are_shown() -> None:
    files = plain(
        page(f'<ofd:PageBlock ID="1">{text("块")}</ofd:PageBlock>', more='<ofd:Template TemplateID="8" ZOrder="Background"/>'),
        common='<ofd:TemplatePage ID="8" BaseLoc="Tpls/T.xml"/>',
        more="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>",
    )
    files["Doc_0/Tpls/T.xml"] = page(text("底", y=60))
    files["Doc_0/Annots/Annotations.xml"] = b'<Annotations><Page PageID="1"><FileLoc>P.xml</FileLoc></Page></Annotations>'
    inner = text("注", x=0, y=0).replace("ofd:", "")
    files["Doc_0/Annots/P.xml"] = (
        f'<PageAnnot><Annot ID="5"><Appearance Boundary="20 80 9 9">{inner}</Appearance></Annot></PageAnnot>'.encode()
    )
    assert {line["text"]: line["box"][1] for line in look(files)["lines"]} == {"块": 0.306, "底": 0.606, "注": 0.806}


def test_a_page_of_its_own_size() -> None:
    area = "<ofd:Area><ofd:PhysicalBox>10 10 100 100</ofd:PhysicalBox></ofd:Area>"
    assert lines(text("字", x=20, y=30), more=area) == [("字", [0.1, 0.206, 0.15, 0.256])]


@pytest.mark.parametrize("size", ["0 0 99999 1", "0 0 1 1e6"])
def test_a_page_that_no_paper_has(size: str) -> None:
    content = page(more=f"<ofd:Area><ofd:PhysicalBox>{size}</ofd:PhysicalBox></ofd:Area>")
    assert ofd.look(packed(plain(content)), [], NOW)["trouble"] == "ofd.page_size"


def test_pages_that_are_not_there() -> None:
    files = plain()
    del files["Doc_0/Pages/Page_0/Content.xml"]
    assert ofd.look(packed(files), [], NOW)["trouble"] == "ofd.broken"
    many = plain() | {
        "Doc_0/Document.xml": plain()["Doc_0/Document.xml"].replace(
            b"<ofd:Page ", b'<ofd:Page ID="9" BaseLoc="Pages/Page_0/Content.xml"/><ofd:Page ' * 1
        )
    }
    assert look(many)["pages"] == 2
    entry = b'<ofd:Page ID="9" BaseLoc="Pages/Page_0/Content.xml"/>'
    endless = plain()["Doc_0/Document.xml"].replace(b"</ofd:Pages>", entry * 1000 + b"</ofd:Pages>")
    assert ofd.look(packed(plain() | {"Doc_0/Document.xml": endless}), [], NOW)["trouble"] == "ofd.too_many_pages"


def test_a_drawing_inside_itself_ends() -> None:
    files = plain(page('<ofd:CompositeObject ID="1" ResourceID="6"/>'), common=RES)
    twice = '<CompositeObject ID="1" ResourceID="6"/><CompositeObject ID="2" ResourceID="6"/>'
    unit = f'<CompositeGraphicUnit ID="6"><Content>{twice}</Content></CompositeGraphicUnit>'
    files["Doc_0/PublicRes.xml"] = f"<Res><CompositeGraphicUnits>{unit}</CompositeGraphicUnits></Res>".encode()
    assert ofd.look(packed(files), [], NOW)["trouble"] == "ofd.too_large"


def test_pictures_go_along_for_their_symbols() -> None:
    files = plain(page('<ofd:ImageObject ID="4" ResourceID="7" Boundary="20 10 40 20" CTM="40 0 0 20 0 0"/>'), common=RES)
    files |= {"Doc_0/PublicRes.xml": PUBLIC, "Doc_0/Res/a.png": PNG, "Doc_0/Res/f.ttf": b"no font"}
    assert look(files)["images"] == [{"page": 1, "box": [0.1, 0.1, 0.3, 0.3], "media_type": "image/png", "content": PNG}]
    files["Doc_0/Res/a.png"] = b"<svg/>"
    assert look(files)["images"] == []


def test_a_preview_is_drawn_anew() -> None:
    strokes = "<ofd:AbbreviatedData>M 10 10 L 190 10 B 1 2 3 4 5 6 C</ofd:AbbreviatedData>"
    path = f'<ofd:PathObject ID="5" Boundary="0 0 200 100">{strokes}</ofd:PathObject>'
    (preview,) = look(sealed(Signing(), files=plain(page(text("SC123 许可"), path), signed=True)))["pictures"]
    with Image.open(io.BytesIO(preview)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1400, 700))
        assert picture.getextrema() != ((255, 255),) * 3


def test_particulars() -> None:
    files = plain(more="<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags><ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>")
    files["Doc_0/Tags/CustomTags.xml"] = b'<CustomTags><CustomTag TypeID="1"><FileLoc>T.xml</FileLoc></CustomTag></CustomTags>'
    files["Doc_0/Tags/T.xml"] = (
        b'<Licence><name><ObjectRef PageRef="1">9</ObjectRef></name><gone><ObjectRef PageRef="1">99</ObjectRef></gone></Licence>'
    )
    files["Doc_0/Attachs/Attachments.xml"] = (
        b'<Attachments><Attachment ID="1" Name="data"><FileLoc>d.xml</FileLoc></Attachment></Attachments>'
    )
    files["Doc_0/Attachs/d.xml"] = "<证照><编号>SC1</编号></证照>".encode()
    files["OFD.xml"] = files["OFD.xml"].replace(
        b"</ofd:DocInfo>", b'<ofd:CustomDatas><ofd:CustomData Name="k">v</ofd:CustomData></ofd:CustomDatas></ofd:DocInfo>'
    )
    found = {(each["source"], each["name"]): (each["text"], each["page"]) for each in look(files)["particulars"]}
    assert found == {
        ("custom", "k"): ("v", None),
        ("tag", "name"): ("食品生产许可证", 1),
        ("attachment", "attachment"): ("data", None),
        ("attachment", "编号"): ("SC1", None),
    }
    files["Doc_0/Attachs/d.xml"] = b"<!DOCTYPE a><a/>"
    assert ("attachment", "编号") not in {(each["source"], each["name"]) for each in look(files)["particulars"]}


def test_what_opens_something_is_named() -> None:
    files = plain(
        page('<ofd:TextObject><ofd:Actions><ofd:Action Event="CLICK"><ofd:GotoA AttachID="1"/></ofd:Action></ofd:Actions></ofd:TextObject>')
    )
    assert look(files)["active"] == ["GotoA"]


def test_meta_and_versions() -> None:
    files = plain()
    files["OFD.xml"] = files["OFD.xml"].replace(
        b"</ofd:DocInfo>",
        b"<ofd:Creator>W</ofd:Creator><ofd:CreatorVersion>2</ofd:CreatorVersion><ofd:ModDate>2026-05-01T08:00:00</ofd:ModDate></ofd:DocInfo>",
    )
    assert look(files)["meta"] == {"producer": "W 2", "creator": None, "created": "2026-04-25", "modified": "2026-05-01T08:00:00+08:00"}


def test_it_fits_into_the_child() -> None:
    """Heavy pages within 256 MB of memory: many letters, and pictures as large as they may be."""
    picture = io.BytesIO()
    Image.effect_noise((1500, 1500), 90).convert("RGB").save(picture, "PNG", compress_level=1)
    things = [text("字" * 60, y=n % 90, size=1) for n in range(1200)] + ['<ofd:ImageObject ResourceID="7" Boundary="0 0 99 99"/>'] * 3
    files = plain(page(*things), common=RES) | {"Doc_0/PublicRes.xml": PUBLIC, "Doc_0/Res/a.png": picture.getvalue()}
    script = (
        "import re, sys\nfrom datetime import datetime, UTC\nfrom suppliers import ofd\n"
        "seen = ofd.look(sys.stdin.buffer.read(), [], datetime(2026, 6, 1, tzinfo=UTC))\n"
        "print(seen['trouble'], len(seen['pictures']), int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", script], input=packed(files), capture_output=True, check=True, timeout=60)
    trouble, pictures, megabytes = done.stdout.decode().split()
    assert (trouble, pictures) == ("None", "1")
    assert int(megabytes) < 256
