"""EPCs in binary form: vectors, a second writer for the schemes of 2.0, and what is refused."""

from __future__ import annotations

from contextlib import suppress
from math import ceil, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.traceability.gs1.some import checked, digits, glns, gtins, letters, pieces
from traceability.gs1.binary import PARTITIONED, PLUS, in_path, read
from traceability.gs1.elements import Elements
from traceability.gs1.keys import NotGS1
from traceability.gs1.strings import read_bracketed

VECTORS = [
    # TDS 1.13, 15.1 and 14.3: the standard's own example
    ("3074257BF7194E4000001A85", "(01)80614141123458(21)6789"),
    # the example of a library for Tag Data Translation 2.2
    ("30340242201d8840009efdf7", "(01)00037000302414(21)10419703"),
    # made with epcpy 0.1.8 (MIT), two of each scheme, random
    ("2c162df845ed840001bb274a", "(253)914177763170529042506"),
    ("2cf12ab0dc04f80000000001", "(253)39150008063611"),
    ("2d4e38b77a013328c2000000", "(8018)596342688201299860"),
    ("2d562a07b80ade6d29000000", "(8018)907723001823490975"),
    ("2e82b6a9b2871cf05d000000", "(8017)745888588231615335"),
    ("2e02a0bfb378694644000000", "(8017)722358558234835240"),
    ("3029ff08ebb5077af4930f2e", "(01)08573742005296(21)253211381550"),
    ("30bac7579c17c200164394a7", "(01)77284143643603(21)373527719"),
    ("311a2a20c335983b88000000", "(00)156742737840710488"),
    ("31698f6bbc8b52c531000000", "(00)567011698034244336"),
    ("328f0d4278e5b200000000f3", "(414)8192101267290(254)243"),
    ("328eb98b8c91ba0000003030", "(414)7314290652218(254)12336"),
    ("33d4adb28c0f8100fc47d176", "(8003)028458591587664232565110"),
    ("33240f00e6ba0100000129e9", "(8003)0020137384484476265"),
    ("341074b71f80389d22fce0e8", "(8004)1529811162247548018920"),
    ("344d643c0270000001ad0b8b", "(8004)37353885528117899"),
    ("36d9b3c74b3a8f1b58f349b684ed98d3677d9b04c000000000", "(01)24462379435485(21)6XyR6h'61S3_30&"),
    ("36403b9c66a0e09b7566b96f0c7d1fa9ad4aa5fd9dfd798d20", "(01)20640067605042(21)6u3.-pct?)VRT_lwzyFH"),
    ("37b2a3ff0407bd72ba8951a3fa000000000000000000", "(8003)08860416879254e:DT4?P"),
    ("37843139ca7ce1b731cb2d780000000000000000000", "(8003)00660696778364n1eK/"),
    ("387a09d03aa6e2bf931ce0000000000000000000000000000000", "(8004)534336u&q/r1g"),
    ("386df7752c19fb35d50000000000000000000000000000000000", "(8004)527913665OlkU"),
    ("39c830c793211f655b9e2b93dacb87c2d0000000000000000", "(414)0818385697155(254)Y+9q.'Zeax-"),
    ("3905d0e0b21c0e872e9d36745800000000000000000000000000", "(414)6239483107270(254)!eiiYhX"),
    ("3cd5c275c4008c59e485e964", "(8010)738033771859(8011)1686497636"),
    ("3c04ef39046741441a6813e3", "(8010)32107930426648(8011)443028451"),
    ("3db5d5f73594b13ca4b354086c9b37c81000", "(8010)7699917YR1OJR3U(8011)578909600897"),
    ("3dc92acac6042d2b4c487cef0165c7ed9bb4", "(8010)5012899332KR-LRG3/(8011)384164390637"),
    ("3eccd033078230dda2adb365b7b2c358000000000000", "(253)218312824280974*mMK7Y0k"),
    ("3ee0d09810c189c92eaac00000000000000000000000", "(253)2239761081302r%jV"),
    ("3f684ce1c72454000000000e", "(255)12898649964244"),
    ("3f602c4782342400001651bc", "(255)0475445690978462716"),
    ("40da97f6de6e0c87390000000524", "(8006)767989997701051457(21)329"),
    ("40839eea5dcfb64e4e000000446c", "(8006)999526793316542878(21)4379"),
    ("41ef1e7c24e410eae2ae855000000000000000000000000000000000", "(8006)483727214216328598(21)W!*"),
    ("4169626ebf6b5a10ce84ca6b576fdce2ceec00000000000000000000", "(8006)359463924276043378(21)B2M5;?9bg;"),
]
ITEM = "3074257BF7194E4000001A85"
DIGITS, UPPER = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
URL_SAFE = UPPER + UPPER.lower() + DIGITS + "-_"
CODE_40 = "\0" + UPPER + "-.:" + DIGITS
DATES = {"11": 0, "13": 1, "15": 2, "16": 3, "17": 4, "7006": 5, "7007": 6}


def hexadecimal(bits: str, to: int = 16) -> str:
    bits += "0" * (-len(bits) % to)
    return f"{int(bits, 2):0{len(bits) // 4}x}"


def bcd(text: str) -> str:
    return "".join(f"{int(digit):04b}" for digit in text)


def numeric(text: str) -> str:
    return f"{int(text):0{ceil(len(text) * log2(10))}b}"


def code_40(text: str) -> str:
    codes = [CODE_40.index(letter) for letter in text.ljust(3 * ceil(len(text) / 3), "\0")]
    return "".join(f"{1600 * a + 40 * b + c + 1:016b}" for a, b, c in zip(codes[::3], codes[1::3], codes[2::3], strict=True))


PACKINGS = [
    (DIGITS, numeric),
    (DIGITS + "ABCDEF", lambda text: "".join(f"{int(c, 16):04b}" for c in text)),
    (DIGITS + "abcdef", lambda text: "".join(f"{int(c, 16):04b}" for c in text)),
    (URL_SAFE, lambda text: "".join(f"{URL_SAFE.index(c):06b}" for c in text)),
    ("", lambda text: "".join(f"{ord(c):07b}" for c in text)),
    (CODE_40[1:], code_40),
]
some_packing = st.integers(0, 5)


def text(value: str, packing: int) -> str:
    """``value`` packed in the asked way, or as ASCII where it does not fit."""
    packing = packing if set(value) <= set(PACKINGS[packing][0]) else 4
    return f"{packing:03b}{len(value):05b}{PACKINGS[packing][1](value)}"


def plus(header: int, *fields: str, more: int = 0) -> str:
    return hexadecimal(f"{header:08b}{more}101{''.join(fields)}")


@pytest.mark.parametrize(("epc", "said"), VECTORS)
def test_known_codes_of_each_scheme(epc: str, said: str) -> None:
    assert read(epc) == read(epc.upper()) == read_bracketed(said)


def test_every_scheme_but_one_has_vectors() -> None:
    assert {int(epc[:2], 16) for epc, _ in VECTORS} == PARTITIONED.keys() - {0x3A}


def test_the_scheme_without_vector_keeps_zeros_behind_a_one() -> None:
    prefix, kind = f"{614141:024b}", f"{12345:017b}"
    assert read(hexadecimal(f"{0x3A:08b}000101{prefix}{kind}{1007:058b}")) == read_bracketed("(253)0614141123452007")


def test_a_location_without_extension_says_zero() -> None:
    assert read(f"32{'328F0D4278E5B200000000F3'[2:-2]}00") == read_bracketed("(414)8192101267290")
    assert read(plus(0xF2, bcd("8192101267290"), text("0", 0))) == read_bracketed("(414)8192101267290")


serials = letters(20) | st.text(DIGITS, min_size=1, max_size=20) | st.text(DIGITS + "abcdef", min_size=1, max_size=20)
serials |= st.text(DIGITS + "ABCDEF", min_size=1, max_size=20) | st.text("AZ09-.:", min_size=1, max_size=20)


@given(gtins, serials, some_packing)
def test_sgtin_plus_in_every_packing(gtin: str, serial: str, packing: int) -> None:
    assert read(plus(0xF7, bcd(gtin), text(serial, packing))) == Elements((("01", gtin), ("21", serial)))


@given(gtins, serials, some_packing, st.sampled_from(sorted(DATES)), st.dates())
def test_dsgtin_plus_bears_a_date(gtin: str, serial: str, packing: int, ai: str, day: object) -> None:
    date = f"{day:%y%m%d}"
    said = f"{DATES[ai]:04b}{int(date[:2]):07b}{int(date[2:4]):04b}{int(date[4:]):05b}"
    assert read(plus(0xFB, said, bcd(gtin), text(serial, packing))) == Elements((("01", gtin), ("21", serial), (ai, date)))


@given(digits(17).map(checked))
def test_keys_of_eighteen_digits(key: str) -> None:
    for header, ai in ((0xF9, "00"), (0xF4, "8018"), (0xF5, "8017")):
        assert read(plus(header, bcd(key))) == Elements(((ai, key),))


@given(glns, gtins, pieces, letters(16), some_packing, digits(1, 12))
def test_keys_that_end_in_a_serial(gln: str, gtin: str, piece: str, serial: str, packing: int, number: str) -> None:
    packed = text(serial, packing)
    assert read(plus(0xF1, bcd(f"0{gln}"), packed)) == Elements((("8003", f"0{gln}{serial}"),))
    assert read(plus(0xF6, bcd(gln), packed)) == Elements((("253", gln + serial),))
    assert read(plus(0xF8, bcd(gln), f"{len(number):04b}", numeric(number))) == Elements((("255", gln + number),))
    assert read(plus(0xF3, bcd(gtin + piece), packed)) == Elements((("8006", gtin + piece), ("21", serial)))
    if serial != "0":
        assert read(plus(0xF2, bcd(gln), packed)) == Elements((("414", gln), ("254", serial)))


@pytest.mark.parametrize(
    ("key", "packed"),
    [
        ("9521141", bcd("9521141") + "1111"),
        ("9521141ABC", bcd("9521141") + "1110" + text("ABC", 5)),
        ("9521-1", bcd("9521") + "1110" + text("-1", 3)),
    ],
)
def test_keys_of_digits_with_or_without_letters_behind(key: str, packed: str) -> None:
    assert read(plus(0xFA, packed)) == Elements((("8004", key),))
    part = read(plus(0xF0, packed, f"{3:04b}", numeric("102")))
    assert part == Elements((("8010", key), ("8011", "102")))


def test_data_behind_an_epc_of_two_is_passed_over_when_its_toggle_says_so() -> None:
    sscc = bcd("376104250021234569")
    assert read(plus(0xF9, sscc, "1" * 99, more=1)) == Elements((("00", "376104250021234569"),))
    with pytest.raises(NotGS1):
        read(plus(0xF9, sscc, "1" * 99))


def test_zeros_may_fill_up_a_word_and_nothing_else_may_follow() -> None:
    long = VECTORS[18][0]
    assert len(long) == 50
    assert read(long) == read(f"{long}00")
    for wrong in (f"{long}01", f"{long}000000", f"{ITEM}0001", f"{ITEM}0000", ITEM[:-1], ITEM[:-2]):
        with pytest.raises(NotGS1):
            read(wrong)


def partitioned(header: int, partition: int, *fields: tuple[int, int]) -> str:
    return hexadecimal(f"{header:08b}000{partition:03b}{''.join(f'{value:0{bits}b}' for value, bits in fields)}", 4)


@pytest.mark.parametrize(
    ("epc", "rule"),
    [
        ("", "gs1-epc"),
        ("30", "gs1-epc"),
        ("eh" + ITEM, "gs1-epc"),
        (ITEM[:-1] + "G", "gs1-epc"),
        (ITEM[:-1] + "٣", "gs1-epc"),
        (f" {ITEM}", "gs1-epc"),
        (f"{ITEM}\n", "gs1-epc"),
        ("3" * 10_000, "gs1-epc"),
        ("00" * 12, "gs1-epc"),
        ("35" + ITEM[2:], "gs1-epc"),
        ("FD" + ITEM[2:], "gs1-epc"),
        ("FF" * 12, "gs1-epc"),
        (partitioned(0x30, 7, (614141, 24), (812345, 20), (6789, 38)), "gs1-prefix"),
        (partitioned(0x30, 5, (10**7, 24), (812345, 20), (6789, 38)), "range"),
        (partitioned(0x30, 5, (614141, 24), (10**6, 20), (6789, 38)), "range"),
        (partitioned(0x32, 0, (614141123456, 40), (1, 1), (0, 41)), "range"),
        (partitioned(0x31, 5, (614141, 24), (1234567890, 34), (1, 24)), "gs1-padding"),
        (partitioned(0x36, 5, (614141, 24), (812345, 20), (65 << 126, 140)), "gs1-padding"),
        (partitioned(0x36, 5, (614141, 24), (812345, 20), (0, 140)), "gs1-padding"),
        (partitioned(0x36, 5, (614141, 24), (812345, 20), (32 << 133, 140)), "gs1-characters"),
        (partitioned(0x3F, 5, (614141, 24), (12345, 17), (2007, 41)), "gs1-characters"),
        (partitioned(0x3F, 5, (614141, 24), (12345, 17), (1, 41)), "gs1-characters"),
        (partitioned(0x40, 5, (614141, 24), (812345, 20), (100, 7), (2, 7), (1, 38)), "range"),
        (partitioned(0x40, 5, (614141, 24), (812345, 20), (3, 7), (2, 7), (1, 38)), "range"),
        (partitioned(0x3D, 5, (614141, 24), (0, 6), (1, 40), (0, 15)), "gs1-padding"),
        (plus(0xF7, bcd("0950600013435"), "1010", text("A", 4)), "gs1-characters"),
        (plus(0xF7, bcd("09506000134353"), text("A", 4)), "check-digit"),
        (plus(0xF7, bcd("09506000134352"), "11000001", "0" * 16), "gs1-code"),
        (plus(0xF7, bcd("09506000134352"), "00000000"), "length"),
        (plus(0xF7, bcd("09506000134352"), "10010101", "1000001" * 21), "length"),
        (plus(0xF7, bcd("09506000134352"), "10011111"), "length"),
        (plus(0xF7, bcd("09506000134352"), "00000001", "1111"), "range"),
        (plus(0xF7, bcd("09506000134352"), "10100001", f"{64001:016b}"), "gs1-characters"),
        (plus(0xF7, bcd("09506000134352"), "10100001", "0" * 16), "gs1-characters"),
        (plus(0xF7, bcd("09506000134352"), "10100001", f"{1641:016b}"), "gs1-padding"),
        (plus(0xFB, "0111", "0" * 16, bcd("09506000134352"), text("A", 4)), "gs1-code"),
        (plus(0xFB, f"0100{26:07b}{13:04b}{1:05b}", bcd("09506000134352"), text("A", 4)), "gs1-date"),
        (plus(0xFB, f"0100{100:07b}{1:04b}{1:05b}", bcd("09506000134352"), text("A", 4)), "range"),
        (plus(0xFA, bcd("1" * 31), "1111"), "gs1-characters"),
        (plus(0xFA, bcd("9521"), "1010"), "gs1-characters"),
        (plus(0xFA, bcd("9" * 30), "1110", text("A", 4)), "length"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_its_name(epc: str, rule: str) -> None:
    with pytest.raises(NotGS1) as caught:
        read(epc)
    assert rule in [flaw["rule"] for flaw in caught.value.errors]


@given(st.sampled_from([*PARTITIONED, *PLUS]), st.binary(min_size=7, max_size=40))
def test_no_bits_do_worse_than_be_refused(header: int, rest: bytes) -> None:
    with suppress(NotGS1):
        assert read(f"{header:02x}{rest.hex()}").pairs


@pytest.mark.parametrize(
    ("path", "epc"),
    [
        (f"/eh{ITEM}", ITEM),
        (f"/a/b/eh{ITEM}/", ITEM),
        (f"/eh{ITEM}//", None),
        (f"/eh{ITEM}/x", None),
        (f"/xeh{ITEM}", None),
        (f"eh{ITEM}", None),
        (f"/EH{ITEM}", None),
        ("/eh", None),
        ("/ehx", None),
        ("/01/09506000134352", None),
        ("/eh" + "a" * 9000, None),
        ("/eh" * 600, None),
    ],
)
def test_an_epc_in_a_path(path: str, epc: str | None) -> None:
    assert in_path(path) == epc
