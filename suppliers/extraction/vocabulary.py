"""The words that papers print before their values, in Chinese and English, in order of preference. Pure data.

``LABELS`` says which field a label fills; a label that stands earlier in its line wins. ``PLAIN``
are labels that fill no field of their own and come out as extras. Written without blanks and
punctuation, Latin in lower case (``labels.bare``).
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("\n", " ").split("|") if word.strip())


LABELS: Final[dict[str, tuple[str, ...]]] = {
    "number": _words(
        "许可证编号|许可证号|许可证书编号|认证证书编号|证书编号|证书号码|证书号|有机产品认证证书编号|检验报告编号|检测报告编号"
        "|报告编号|报告书编号|报告号|备案编号|备案号|备案登记编号|合格证编号|检疫证编号|检疫证号|登记证编号|登记编号|准许证号"
        "|证照编号|注册编号|注册号|单证编号|单号|证号|编号|no|no号|certificate number|certificate no|certificate registration no"
        "|certificate id|certificate code|certificate reference|cert no|registration number|registration no|report number|report no"
        "|licence number|licence no|license number|license no|approval number|approval no|document number|document no"
        "|reference number|reference no|box i document number|1 document number|i1 document number"
        "|fda registration number|coi number"
        "|ggn"
    ),
    "holder_uscc": _words(
        "统一社会信用代码|社会信用代码|统一社会信用代码/注册号|信用代码|统一信用代码|统一社会信用代码身份证号码"
        "|社会信用代码身份证号码|unified social credit code|uscc"
    ),
    "holder_name": _words(
        "获证组织|获证组织名称|获证企业|获证单位|认证委托人|认证委托人名称|委托人名称|证书持有人|持证人|持证单位|持有人|生产者名称"
        "|经营者名称|生产经营者名称|许可证持有人|备案人|备案单位|食品生产者名称|食品经营者名称|企业名称|单位名称|公司名称|组织名称"
        "|机构名称|名称|字号名称|货主|委托单位|委托单位名称|委托方|委托方名称|委托人|送检单位|送检人|受检单位"
        "|受检单位名称|被抽样单位"
        "|被抽样单位名称|客户名称|申请人|申请单位|申请企业|生产单位|生产单位名称|生产企业|生产企业名称|生产厂家|生产商|生产厂商"
        "|生产者|种植养殖单位|承诺主体|进口商|收货人|供货单位|供应商|certificate holder|holder|issued to|awarded to|granted to"
        "|certified company|certified organisation|certified organization|company name|company|name of company|organisation"
        "|organization|name of the operator|name of operator|operator|name and address of the operator"
        "|name and address of the operator or group of operators|client|client name|customer|applicant|name of applicant|producer"
        "|manufacturer|manufacturer name|facility name|site name|兹证明|this is to certify that"
        "|the food safety management system of|the management system of|hereby certifies that|we hereby certify that"
        "|this certifies that"
        "|consignor|exporter|registrant|name of facility"
    ),
    "issuer_name": _words(
        "发证机关|发证单位|发证机构|签发机关|签发单位|签发机构|登记机关|颁发机构|颁证机构|颁发单位|认证机构|认证机构名称|认证单位"
        "|备案机关|备案部门|审批机关|批准机关|出具机构|出具单位|检验机构|检测机构|检验机构名称|检测机构名称|检验单位|检测单位"
        "|承检机构|许可机关|核发机关|检疫机关|监制机关|issued by|issuing authority|issuing body|issuing office|issuer"
        "|certification body|certifying body|control body|control authority"
        "|name and address of the competent authority or where appropriate control authority or control body|competent authority"
        "|laboratory|testing laboratory|authority|certified by"
    ),
    "valid_until": _words(
        "有效期至|有效期限至|有效期止|有效期到|有效日期至|证书有效期至|许可证有效期至|截止日期|有效截止日期|到期日期"
        "|到期日|失效日期"
        "|届满日期|valid until|valid to|valid till|valid through|valid up to|expiry date|expiration date|certificate expiry date"
        "|date of expiry|date of expiration|expires|expires on|expiry|end date|certificate valid until|valid until date"
    ),
    "valid_from": _words(
        "有效期自|有效期起|有效期从|生效日期|生效日|有效期起始日期|证书生效日期|valid from|effective date|effective from|start date"
        "|certificate valid from|date of entry into force|valid as of|certificate start date"
    ),
    "period": _words(
        "有效期|有效期限|证书有效期|证书有效期限|许可证有效期|许可证有效期限|营业期限|经营期限|合伙期限|有效日期|有效时间|有效期间"
        "|许可期限|validity|validity period|period of validity|valid|certificate validity|certificate validity period"
        "|certificate valid|validity of the certificate"
    ),
    "issued_on": _words(
        "发证日期|签发日期|颁发日期|颁证日期|发证时间|签发时间|核发日期|核准日期|登记日期|报告日期|报告签发日期|出具日期|开具日期"
        "|开证日期|批准日期|填发日期|换证日期|本次发证日期|本次颁证日期|检疫日期|备案日期|发布日期|date of issue"
        "|issue date|issued on"
        "|issuance date|date of issuance|date issued|certificate issue date|report date|date of report|issued|date place"
        "|certification date|date of certification|certificate decision date|certification decision date"
        "|date of certificate issue|date of certification decision|日期|date"
    ),
    "lots": _words(
        "样品批号|生产批号|产品批号|批号|批次号|批次|生产批次|产品批次|批号或编号|货物批号|生产日期/批号|生产日期或批号"
        "|批号/生产日期"
        "|生产日期批号|样品批次|原料批号|批号/编号|追溯码|batch number|batch no|batch|lot number|lot no|lot|lot code|batch/lot no"
        "|lot/batch no|batch/lot number|lot/batch number|traceability lot code|batch code"
    ),
    "products": _words(
        "样品名称|产品名称|食品名称|品名|货物名称|货物品名|食用农产品名称|农产品名称|产品|动物产品名称|动物种类|产品种类|商品名称"
        "|认证产品|认证产品名称|获证产品|样品|product name|products|product|product s|name of product|sample name"
        "|sample description"
        "|name of sample|description of goods|commodity|goods|certified products|product description|products certified|sample"
    ),
    "scope": _words(
        "食品类别|经营项目|经营范围|认证范围|许可范围|认证覆盖范围|证书覆盖范围|生产范围|许可项目|许可明细|品种明细|食品品种明细"
        "|认证类别|认可范围|产品类别|类别名称|scope of certification|certification scope|scope of the certificate"
        "|scope of certificate|scope|product categories|product category|category|categories|food chain category"
        "|categories of products|activity|activities|activity or activities of the operator|activities of the operator"
        "|scope of audit"
        "|certified activities"
    ),
    "site": _words(
        "生产地址|生产场所|生产场所地址|经营场所|经营地址|生产经营场所|生产/经营地址|加工地址|加工场所|加工厂地址|基地地址|基地名称"
        "|生产基地|场所地址|养殖场地址|单位地址|企业地址|住所|地址|产地|产地详细地址|详细地址|site address|production site|site"
        "|site location|facility address|address of site|premises|location|address|registered address|production facility|site s"
    ),
    "accreditation": _words(
        "资质认定证书编号|资质认定编号|资质认定证书号|资质认定号|cma证书编号|cma编号|cma证书号|cma|cnas认可编号|cnas证书编号|cnas"
        "|认可证书编号|认可注册号|认可编号|实验室认可编号|accreditation number|accreditation no|accreditation"
        "|accreditation certificate no|accredited by|code number of the control body|code of control body|control body code"
    ),
    "quantity": _words(
        "数量及单位|数量|数量/单位|数量重量|数/重量|数量/重量|报检数/重量|重量|净重|产量|产品数量|批量|证书产量|认证产量|quantity"
        "|net weight|weight|net quantity|quantity and unit|volume|total quantity"
    ),
}

PLAIN: Final = _words(
    "法定代表人|法定代表人负责人|法定代表人/负责人|负责人|法人代表|经营者|投资人|执行事务合伙人|主体业态|类型|主体类型|公司类型"
    "|组成形式|注册资本|注册资金|出资额|成员出资总额|成立日期|注册日期|设立日期|业务范围|检验结论|检测结论|结论|结果判定|检验依据"
    "|检测依据|检验标准|判定依据|检验方法|检测方法|检验项目|检测项目|检验类别|检测类别|检验类型|检验性质|规格型号|型号规格"
    "|型号/规格|规格/型号|规格|型号|包装规格|商标|样品状态|样品编号|样品等级|质量等级|等级|样品数量|样品来源|来样方式|抽样日期"
    "|抽样地点|抽样单位|抽样人员|抽样人|抽样基数|抽样方式|抽样单编号|送样日期|送检日期|收样日期|接样日期|到样日期|样品接收日期"
    "|检验日期|检测日期|检测完成日期|生产日期|加工日期|保质期|贮存条件|储存条件|执行标准|产品标准|产品执行标准|产品标准号|标准号"
    "|认证依据|认证标准|依据标准|认证模式|基地面积|种植面积|面积|养殖规模|目的地|到达地点|启运地点|起运地点|启运地|承运人"
    "|承运人电话|运载方式|运载工具|运载工具牌号|运输方式|运载工具消毒情况|检疫标志号|耳标号|牲畜耳标号|动物检疫标志号|官方兽医"
    "|官方兽医签字|备注|说明|联系电话|电话|联系方式|联系人|邮编|邮政编码|传真|网址|批准人|审核人|编制人|主检人|主检|编制|审核"
    "|批准|签发|签发人|授权签字人|质检员|检验员|合格证明|日常监督管理机构|日常监督管理人员|监督管理机构|投诉举报电话|外设仓库地址"
    "|仓库地址|用途|承诺声明|承诺依据|单位|检验结果|检测结果|检测值|标准要求|标准值|限量值|技术要求|单项结论|单项判定|项目|序号"
    "|输出国家或地区|输出国|原产国|原产国地区|原产地|启运国|贸易国|入境口岸|进口口岸|发货人|标记号码|标记及号码|合同号|合同编号"
    "|运输工具|入境日期|h.s编码|包装种类及数量|初次发证日期|首次发证日期|初次获证日期|变更日期|年检情况|standard|scheme|programme"
    "|program|normative document|certification standard|auditor|lead auditor|audit date|date of audit|date s of audit|audit type"
    "|audit programme|grade|re-audit due date|next audit|result|conclusion|overall result|test method|test item|phone|tel"
    "|telephone|fax|email|e-mail|website|country|gln|lei|vat|vat number|remarks|remark|notes|sample id|sample no|sample number"
    "|date of receipt|sample received|date received|date of testing|test date|testing period|coid|site code|brcgs site code"
    "|exclusions from scope|exclusions|initial certification date|original certification date|first issued|signature|signed by"
    "|authorised by|authorized by|name|version|page|country of origin|country of dispatch|importer|first consignee|consignee"
    "|type of operator|production method|production date|best before|certificate type|type of certificate|status"
    "|verification code|security code"
)
