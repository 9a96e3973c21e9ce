"""The sorts of links that GS1 names, with a title for people in both languages and what each is for. Pure data.

Names are without prefix: ``pip`` is ``gs1:pip`` is ``https://ref.gs1.org/voc/pip``.

Source: GS1 Web Vocabulary 1.16, properties below ``gs1:linkType``; titles and meanings are the house's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

VOCABULARY: Final = "https://ref.gs1.org/voc/"
DEFAULT: Final = "defaultLink"
DEFAULT_MULTI: Final = "defaultLinkMulti"
UNREGISTRABLE: Final = frozenset({DEFAULT, DEFAULT_MULTI})
"""What a link is beside its descriptive type, and never instead of it."""


@dataclass(frozen=True, slots=True)
class LinkType:
    """``meaning_en``: one sentence."""

    name: str
    title_zh: str
    title_en: str
    meaning_en: str


_ALL: Final = (
    LinkType("activityIdeas", "玩法与活动", "Things to do", "Ideas for using the product or having fun with it, often with children."),
    LinkType("allergenInfo", "过敏原信息", "Allergens", "Says which allergens the product holds or may hold."),
    LinkType("appDownload", "应用下载", "App", "A mobile app that belongs to the thing."),
    LinkType("backgroundInfo", "背后的故事", "Background", "The thought, inspiration or science from which the thing came."),
    LinkType("brandHomepageClinical", "医护专业人员专页", "For clinicians", "The brand's pages for people who work in health care."),
    LinkType("brandHomepagePatient", "患者专页", "For patients", "The brand's pages for patients."),
    LinkType("careersInfo", "招聘信息", "Careers", "Jobs at the organisation or place."),
    LinkType("certificationInfo", "认证信息", "Certificates", "Certificates of the thing, its maker or its place of making."),
    LinkType("consumerHandlingStorageInfo", "使用与储存说明", "Handling and storage", "How to keep and handle the product safely at home."),
    LinkType("defaultLink", "默认链接", "Default link", "Where a request is led that asks for nothing in particular."),
    LinkType("defaultLinkMulti", "默认链接(多版本)", "Default links", "The default in several languages, media types or contexts."),
    LinkType("dpp", "数字产品护照", "Digital product passport", "The product's digital passport."),
    LinkType("eifu", "医疗器械电子说明书", "Instructions of a device", "The electronic instructions for use of a medical device."),
    LinkType("epcis", "EPCIS 事件库", "EPCIS events", "A repository that tells the thing's events to machines."),
    LinkType("epil", "药品说明书(患者版)", "Patient leaflet", "The electronic package leaflet that a patient reads."),
    LinkType("eventsInfo", "活动安排", "Events", "What takes place and when; booking has a sort of its own."),
    LinkType("faqs", "常见问题", "Questions and answers", "Questions that are asked often, with answers."),
    LinkType("handledBy", "转交其他解析器", "Handled by", "Another resolver that answers every request of this kind."),
    LinkType("hasRetailers", "购买渠道", "Where to buy", "Shops that sell the product."),
    LinkType("homepage", "官方网站", "Website", "The site of the organisation or brand."),
    LinkType("ingredientsInfo", "配料信息", "Ingredients", "What the product is made of."),
    LinkType("instructions", "使用说明", "Instructions", "How to put together or use the product, outside health care."),
    LinkType("jws", "JSON 网络签名", "JSON Web Signature", "A signature over data of the thing."),
    LinkType("leaveReview", "写评价", "Write a review", "A place in which to say what one thinks of it."),
    LinkType("locationInfo", "位置信息", "Location", "A map of the place and the way to it."),
    LinkType("logisticsInfo", "物流信息", "Logistics", "What partners in trade must know of a place to deliver or collect."),
    LinkType("loyaltyProgram", "会员计划", "Membership", "The programme for members: joining it, and one's standing in it."),
    LinkType("masterData", "主数据", "Master data", "Structured master data for partners in trade."),
    LinkType("menuInfo", "菜单", "Menu", "Dishes or services that are on offer."),
    LinkType("nutritionalInfo", "营养成分", "Nutrition", "Energy and nutrients of the product."),
    LinkType("openingHoursInfo", "营业时间", "Opening hours", "When the place is open."),
    LinkType("paymentLink", "付款", "Payment", "A place in which to pay."),
    LinkType("pip", "产品信息", "Product information", "The page about this thing, made for consumers."),
    LinkType(
        "productSustainabilityInfo",
        "可持续与回收(已弃用)",
        "Sustainability (old)",
        "Former name of sustainabilityInfo.",
    ),
    LinkType("promotion", "促销活动", "Promotion", "An offer or campaign."),
    LinkType("purchaseSuppliesOrAccessories", "耗材与配件", "Supplies and accessories", "Where to order what the product uses up."),
    LinkType("quickStartGuide", "快速入门", "Quick start", "The few things one must know to begin."),
    LinkType("recallStatus", "召回状态", "Recall status", "Whether the product was recalled; made for machines as a rule."),
    LinkType("recipeInfo", "食谱", "Recipes", "Dishes to make with the product."),
    LinkType("registerProduct", "产品登记", "Register it", "Where an owner registers the product, for a warranty or else."),
    LinkType("registryEntry", "登记册记录", "Register entry", "The entry in a public register of companies or places."),
    LinkType("relatedImage", "图片", "Pictures", "A picture of the thing or about it."),
    LinkType("relatedVideo", "视频", "Video", "A video of the thing or about it."),
    LinkType("reportFound", "拾获报告", "Found it?", "Where a finder tells whoever lost the thing."),
    LinkType("review", "用户评价", "Reviews", "What others think of it."),
    LinkType("safetyInfo", "安全信息", "Safety", "Dangers of the thing and how to avoid them."),
    LinkType("scheduleTime", "预约", "Booking", "Appointments and reservations."),
    LinkType("serviceInfo", "保养与维修", "Service", "How to maintain and repair the product."),
    LinkType("smartLabel", "SmartLabel 标签", "SmartLabel", "The product's page in SmartLabel."),
    LinkType(
        "smpc",
        "药品特性概要",
        "Product characteristics",
        "The summary of a medicine's characteristics, for clinicians.",
    ),
    LinkType("socialMedia", "社交媒体", "Social media", "A channel in social media, titled by its name."),
    LinkType("statisticInfo", "统计数据", "Statistics", "Figures about the organisation, place or thing."),
    LinkType("subscribe", "订阅", "Subscribe", "A form to subscribe."),
    LinkType("support", "客户服务", "Support", "Help from people: desk, chat or mail."),
    LinkType("sustainabilityInfo", "可持续与回收", "Sustainability", "What to know about the environment, and how to recycle."),
    LinkType("traceability", "溯源信息", "Traceability", "Where the thing came from and went; events for machines have the sort epcis."),
    LinkType("tutorial", "教程", "Tutorial", "Lessons, in words or video."),
    LinkType("userAgreement", "协议与声明", "Agreement", "A paper that one agrees to or signs."),
    LinkType("verificationService", "真伪查验", "Verification", "A service that says whether the thing and its key are known and well."),
    LinkType("whatsInTheBox", "包装清单", "In the box", "Every piece that the package holds."),
)

LINK_TYPES: Final[Mapping[str, LinkType]] = {link_type.name: link_type for link_type in _ALL}
"""Name → sort of link; all of the vocabulary, in its order."""

_NAMED: Final = re.compile(r"(?:gs1:|https?://(?:ref\.gs1\.org|(?:www\.)?gs1\.org)/voc/)?([A-Za-z]{1,40})", re.ASCII)


def named(text: str) -> str | None:
    """The name in ``pip``, ``gs1:pip``, ``https://ref.gs1.org/voc/pip`` or the older ``http://gs1.org/voc/pip``; else None."""
    if text in LINK_TYPES:
        return text
    found = _NAMED.fullmatch(text) if len(text) <= 100 else None
    return found[1] if found and found[1] in LINK_TYPES else None


def uri(name: str) -> str:
    """``https://ref.gs1.org/voc/pip``."""
    return VOCABULARY + name
