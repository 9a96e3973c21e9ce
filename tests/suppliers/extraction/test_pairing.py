from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.extraction import label_values, propose
from tests.suppliers.extraction.paper import leaning, line, rows, turned

LICENCE = rows(
    ("经营者名称", "临江小满食品商行"),
    ("法定代表人", "钱小满"),
    ("经营场所", "临江市东街12号"),
    ("许可证编号", "JY13301080111719"),
    ("有效期至", "2029年05月06日"),
)
SAID = {
    "经营者名称": "临江小满食品商行",
    "法定代表人": "钱小满",
    "经营场所": "临江市东街12号",
    "许可证编号": "JY13301080111719",
    "有效期至": "2029年05月06日",
}


def test_value_right_of_its_label() -> None:
    assert label_values(LICENCE) == SAID


@pytest.mark.parametrize("clockwise", [90, 180, 270])
def test_a_page_on_its_side_reads_the_same(clockwise: int) -> None:
    assert label_values(turned(LICENCE, clockwise)) == SAID


@pytest.mark.parametrize("tilt", [-0.12, -0.03, 0.05, 0.15])
def test_a_page_that_leans_reads_the_same(tilt: float) -> None:
    assert label_values(leaning(LICENCE, tilt)) == SAID


@pytest.mark.parametrize(
    ("printed", "label", "value"),
    [
        ("许可证编号：SC10599999900213", "许可证编号", "SC10599999900213"),
        ("许可证编号:SC10599999900213", "许可证编号", "SC10599999900213"),
        ("许可证编号SC10599999900213", "许可证编号", "SC10599999900213"),
        ("有 效 期 至 2027年6月30日", "有效期至", "2027年6月30日"),
        ("法定代表人(负责人)王海波", "法定代表人负责人", "王海波"),
        ("冷链要求：零下十八度", "冷链要求", "零下十八度"),
        ("Certificate No.: AB-12345", "certificate no", "AB-12345"),
        ("产品名称 Product name：绿茶", "产品名称", "绿茶"),
    ],
)
def test_label_and_value_in_one_line(printed: str, label: str, value: str) -> None:
    assert label_values([line(printed, 0.1, 0.3)])[label] == value


def test_two_pairs_in_one_line() -> None:
    said = label_values([line("发证日期：2025年01月02日 有效期至：2030年01月01日", 0.1, 0.3)])
    assert said == {"发证日期": "2025年01月02日", "有效期至": "2030年01月01日"}


def test_labels_with_wide_gaps() -> None:
    said = label_values(
        [
            line("名", 0.1, 0.3),
            line("称", 0.2, 0.3),
            line("甲乙食品有限公司", 0.3, 0.3),
            line("住", 0.1, 0.36),
            line("所东街1号", 0.2, 0.36),
        ]
    )
    assert said["名称"] == "甲乙食品有限公司"
    assert said["住所"] == "东街1号"


def test_a_value_over_several_lines_under_itself() -> None:
    lines = [
        *rows(("经营范围", "食品生产；食品销售；"), step=0.2),
        line("食品进出口；许可项目：", 0.3, 0.235),
        line("一般项目：仓储服务。", 0.3, 0.27),
    ]
    assert label_values(lines)["经营范围"] == "食品生产；食品销售；食品进出口；许可项目：一般项目：仓储服务。".rstrip("：")


def test_a_label_beside_the_middle_of_its_value() -> None:
    lines = [
        *rows(("委托单位", "甲公司"), start=0.2),
        line("受检单位", 0.07, 0.285),
        line("乙乙乙乙乙乙股份有限公司第一", 0.3, 0.268),
        line("分公司", 0.3, 0.302),
        *rows(("样品批号", "B-7"), start=0.37),
    ]
    said = label_values(lines)
    assert said["委托单位"] == "甲公司"
    assert said["受检单位"] == "乙乙乙乙乙乙股份有限公司第一分公司"


def test_a_label_in_two_lines_of_its_cell() -> None:
    lines = [line("统一社会信用代", 0.05, 0.28), line("码", 0.1, 0.312), line("91350100M000100Y43", 0.3, 0.296)]
    assert label_values(lines)["统一社会信用代码"] == "91350100M000100Y43"


def test_four_columns() -> None:
    lines = [
        *rows(("名称", "甲公司"), ("法定代表人", "赵一")),
        *rows(("类型", "有限责任公司"), ("成立日期", "2020年1月1日"), left=0.55, value=0.72),
    ]
    assert label_values(lines) == {"名称": "甲公司", "类型": "有限责任公司", "法定代表人": "赵一", "成立日期": "2020年1月1日"}


def test_labels_above_their_values() -> None:
    lines = [
        line("1. Document number", 0.05, 0.1), line("2. Name and address of the operator", 0.5, 0.1),
        line("AT-BIO-301.2025.77", 0.05, 0.14), line("Hofgut Birnbaum KG", 0.5, 0.14),
    ]  # fmt: skip
    fields = propose(lines, source="layer")
    assert fields["number"]["value"] == "AT-BIO-301.2025.77"
    assert fields["holder_name"]["value"] == "Hofgut Birnbaum KG"


def test_an_unknown_label_in_the_column_of_labels() -> None:
    lines = rows(("样品名称", "绿茶"), ("采样深度", "十厘米"), ("样品批号", "T-1"))
    assert label_values(lines)["采样深度"] == "十厘米"


def test_a_seal_hides_the_end_of_a_label() -> None:
    fields = propose([line("发证机", 0.6, 0.8), line("2025年1月2日", 0.6, 0.85), line("临江市市场监督管理局", 0.65, 0.75, channel="seal")])
    assert fields["issuer_name"]["value"] == "临江市市场监督管理局"
    assert fields["issued_on"]["value"] == "2025-01-02"


texts = st.text(max_size=30) | st.sampled_from(
    ["名称", "有效期至：", "名", "称", "2025年13月45日", "：：：", "经营范围：许可项目：", "SC1O599999900213", "((("]
)
boxes = st.none() | st.lists(st.floats(-2, 3) | st.integers(0, 1), min_size=4, max_size=4)
told = st.fixed_dictionaries(
    {"page": st.integers(1, 3), "text": texts, "box": boxes},
    optional={
        "turn": st.sampled_from([0, 90, 180, 270]),
        "tilt": st.floats(-1, 1),
        "confidence": st.floats(0, 1),
        "channel": st.just("seal"),
    },
)


@given(st.lists(told, max_size=14))
def test_whatever_the_lines_say_it_answers_fields(lines: list[dict[str, object]]) -> None:
    for field in propose(lines).values():
        assert field.keys() == {"value", "raw", "page", "box", "from", "confidence", "repair"}
        assert 0 <= field["confidence"] <= 1
