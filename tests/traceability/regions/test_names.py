"""What others call a region, and what a person types, lead to one code or to none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability import regions


@pytest.mark.parametrize(
    ("country", "province", "city", "code"),
    [
        ("中国", "浙江省", "杭州市", "CN-3301"),
        ("China", "Shaanxi", "Xi'an", "CN-6101"),
        ("CN", "", "", "CN"),
        ("中国", "0", "0", "CN"),
        ("中国", "湖北省", "仙桃市", "CN-42"),  # answers to its province straight
        ("中国", "湖北省", "恩施土家族苗族自治州", "CN-4228"),
        ("中国", "湖北省", "恩施州", "CN-4228"),
        ("中国", "内蒙古自治区", "锡林郭勒盟", "CN-1525"),
        ("中国", "广西壮族自治区", "南宁市", "CN-4501"),
        ("中国", "新疆维吾尔自治区", "克孜勒苏柯尔克孜自治州", "CN-6530"),
        ("中国", "吉林省", "吉林市", "CN-2202"),
        ("中国", "青海省", "海南藏族自治州", "CN-6325"),
        ("中国", "北京", "北京市", "CN-11"),
        ("中国", "江苏省", "泰州市", "CN-3212"),
        ("China", "Zhejiang", "Taizhou", "CN-3310"),
        ("中国", "香港", "0", "CN-81"),
        ("香港", "0", "0", "CN-81"),
        ("TW", "", "", "CN-71"),
        ("中国", "台湾省", "台北市", "CN-71"),
        ("美国", "加利福尼亚", "0", "US"),
        ("United Kingdom", "", "", "GB"),
        ("0", "0", "内网IP", None),
        ("Reserved", "Reserved", "Reserved", None),
        ("", "浙江省", "杭州市", None),
    ],
)
def test_names_of_an_address_table(country: str, province: str, city: str, code: str | None) -> None:
    assert regions.of_names(country, province, city) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("杭州", "CN-3301"),
        (" 杭州市 ", "CN-3301"),
        ("浙江杭州", "CN-3301"),
        ("浙江省杭州市", "CN-3301"),
        ("Zhejiang, Hangzhou", "CN-3301"),
        ("CN-3301 杭州", "CN-3301"),
        ("杭州 (CN-3301)", "CN-3301"),
        ("cn-33", "CN-33"),
        ("jp", "JP"),
        ("HK", "CN-81"),
        ("Tibet", "CN-54"),
        ("海南", "CN-46"),
        ("海南藏族自治州", "CN-6325"),
        ("吉林", "CN-22"),
        ("吉林市", "CN-2202"),
        ("黔东南苗族侗族自治州", "CN-5226"),
        ("Taizhou", None),  # there are two
        ("Taizhou (Jiangsu)", "CN-3212"),
        ("CN-9999", None),
        ("杭州湾", None),
        ("市", None),
        ("", None),
    ],
)
def test_what_a_person_types(text: str, code: str | None) -> None:
    assert regions.find(text) == code


@given(st.text(max_size=40))
def test_any_text_leads_to_a_known_region_or_to_none(text: str) -> None:
    for found in (regions.find(text), regions.of_names(text, text, text), regions.of_names("CN", text, text)):
        assert found is None or regions.known(found)
