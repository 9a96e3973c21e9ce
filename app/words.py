"""Words of the domain for people, in Chinese and English side by side.

The domain speaks in codes ("check.dates.lapsed") and values; this table turns them into
sentences. Text that belongs to a page stands in its template and is translated by gettext.
tests/house/test_words.py holds the table complete.
"""

from __future__ import annotations

from typing import Any

from flask import has_request_context
from flask_babel import get_locale

WORDS: dict[str, tuple[str, str]] = {
    "advice.expired": ("请不要食用", "Please do not eat or drink it"),
    "advice.look_twice": (
        "请看看包装和封口是否完好；不是您自己查的，先不要食用，联系购买的店家",
        "Check that pack and seal are intact. If those checks were not yours, do not eat or drink it yet; ask the shop",
    ),
    "advice.not_released": ("它还不该出现在货架上，请联系购买的店家", "It should not be on a shelf yet; please ask the shop"),
    "advice.on_hold": (
        "请先不要食用，也不必扔掉。质量人员正在核实，结果会出现在这一页",
        "Please do not eat or drink it for now, and do not throw it away. Quality staff are looking into it; the outcome will appear here",
    ),
    "advice.recalled": ("请不要食用，联系购买的店家退货", "Do not eat or drink it. Take it back to the shop"),
    "advice.void": ("请不要食用，联系购买的店家", "Do not eat or drink it; please ask the shop"),
    "code.commissioned": ("已上货", "On a lot"),
    "code.encoded": ("已生成", "Issued"),
    "code.void": ("已作废", "Void"),
    "item.standing.clear": ("正常", "Fine"),
    "item.standing.encoded": ("尚未出厂", "Not released"),
    "item.standing.held": ("暂停销售", "On hold"),
    "item.standing.recalled": ("已召回", "Recalled"),
    "item.standing.void": ("已作废", "Void"),
    "join.worn-out": ("验证码已失效，请重新获取", "This code no longer works; ask for a new one"),
    "join.wrong": ("验证码不对，还可以试 {tries_left} 次", "That code is not right; {tries_left} tries left"),
    "known.consent.marketing": ("同意接收新品和活动消息", "Agreed to news of products and events"),
    "known.consent.membership": ("同意成为会员", "Agreed to membership"),
    "known.language": ("语言", "Language"),
    "known.notices": ("召回通知", "Recall notices"),
    "known.phone": ("手机号码，尾号", "Mobile number, ending in"),
    "known.visits": ("登录后查询的次数", "Checks made as a member"),
    "print.failed": ("没有成功", "Failed"),
    "print.ready": ("可以下载", "Ready"),
    "print.waiting": ("生成中", "Being made"),
    "problem.codes-not-free": ("这一段里有已使用或已作废的码", "Some of these codes are already used or void"),
    "problem.codes-too-often": (
        "验证码要得太勤了，请过 {retry_after} 秒再试",
        "Too many codes for this number; try again in {retry_after} seconds",
    ),
    "problem.gtin-taken": ("这个商品条码（GTIN）已被登记", "This GTIN is already in use"),
    "problem.key-lacks-scope": ("这把接口密钥没有这项权限", "This key may not do that"),
    "problem.lot-of-another-product": ("这批货和这些码不是同一种产品", "The lot is of another product than the codes"),
    "problem.missing": ("没有找到", "Not found"),
    "problem.not-a-link": ("这不是一个产品码", "This is not a product code"),
    "problem.not-a-phone": (
        "请输入能收短信的手机号码；非大陆号码请带 + 和国家代码",
        "Enter a mobile number; outside mainland China begin with + and the country code",
    ),
    "problem.not-signed-in": ("请先登录", "Please sign in first"),
    "problem.not-your-door": ("这一页不在您的职责里", "This page is not part of your role"),
    "problem.print-not-ready": ("文件还在生成，请稍等", "The file is still being made"),
    "problem.reference-used": ("这个订单号已用于另一张订单", "This reference belongs to another order"),
    "problem.unforeseen": ("我们这边出了问题", "Something went wrong on our side"),
    "problem.unguarded": ("这一页还没有开放", "This page is not open yet"),
    "purpose.marketing": ("新品和活动消息", "News of products and events"),
    "purpose.membership": ("会员", "Membership"),
    "reason.expired": ("保质期到 {best_before}", "It was best before {best_before}"),
    "reason.first_check": ("这个码是第一次被查询", "Nobody has checked this code before"),
    "reason.look_twice": (
        "这个码已被查询 {times} 次，首次在 {first_at}；如果刚刚开封，请联系我们",
        "This code has been checked {times} times, first on {first_at}; if you have only just opened it, please tell us",
    ),
    "reason.not_released": ("这批货还没有放行出厂，不应该在市场上", "This batch has not left the factory and should not be on sale"),
    "reason.on_hold": ("这批货正在复核，请先不要食用", "This batch is being re-checked; please do not use it yet"),
    "reason.recalled": ("这批货已被召回，请不要食用", "This batch has been recalled; please do not use it"),
    "reason.seen_before": ("这是第 {times} 次查询，首次在 {first_at}", "This is check number {times}; the first was on {first_at}"),
    "reason.unknown": ("这不是我们发出的码", "We did not issue this code"),
    "reason.void": ("厂家已把这个码作废", "The maker has withdrawn this code"),
    "result.failed": ("核对不符", "Checked and wrong"),
    "result.inconclusive": ("没能核对", "Could not be checked"),
    "result.passed": ("核对通过", "Checked and right"),
    "rule.check-digit": ("校验位不对，请核对", "The check digit is wrong"),
    "rule.formats": ("没有这种文件格式", "There is no such file format"),
    "rule.formats-most": ("超过 {most} 个码不生成文件", "No files are made for more than {most} codes"),
    "rule.gtin": ("应为 8、12、13 或 14 位数字", "A GTIN has 8, 12, 13 or 14 digits"),
    "step.commissioned": ("赋码下线", "Coded and packed"),
    "step.held": ("暂停销售", "Put on hold"),
    "step.hold_released": ("核实无误，恢复销售", "Cleared, back on sale"),
    "step.made": ("生产", "Made"),
    "step.recalled": ("召回", "Recalled"),
    "step.received": ("原料到货", "Ingredient received"),
    "step.released": ("检验合格，放行", "Inspected and released"),
    "uom.GRM": ("克", "g"),
    "uom.H87": ("件", "pcs"),
    "uom.KGM": ("千克", "kg"),
    "uom.LTR": ("升", "L"),
    "uom.MLT": ("毫升", "ml"),
    "uom.TNE": ("吨", "t"),
    "verdict.expired": ("已过保质期", "Past its date"),
    "verdict.first_check": ("正品 · 首次查询", "Genuine, first check"),
    "verdict.look_twice": ("请留意", "Look twice"),
    "verdict.not_released": ("尚未出厂", "Not released yet"),
    "verdict.on_hold": ("暂停销售", "On hold"),
    "verdict.recalled": ("已召回", "Recalled"),
    "verdict.seen_before": ("正品 · 已查询过", "Genuine, checked before"),
    "verdict.unknown": ("查无此码", "Not one of ours"),
    "verdict.void": ("已作废", "Void"),
}


def say(code: str, **values: Any) -> str:
    """The sentence of a code in the reader's language; an unknown code is shown as it is."""
    pair = WORDS.get(code)
    if pair is None:
        return code
    text = pair[1] if _english() else pair[0]
    try:
        return text.format(**values)
    except (KeyError, ValueError, IndexError):
        return text


def known(code: str) -> bool:
    return code in WORDS


def _english() -> bool:
    return has_request_context() and str(get_locale()).startswith("en")
