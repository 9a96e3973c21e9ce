"""The tables of suppliers: who they are and whom we believe, their papers, and what is told about them."""

from suppliers.models.papers import (
    Certificate,
    CertificateLot,
    CheckOutcome,
    PaperOverride,
    PaperUpload,
    RegisterLookup,
    StandingChange,
    StatusList,
)
from suppliers.models.parties import Material, RequirementRow, Supplier, SupplierSite, Supply, TrustAnchor, TrustedIssuer
from suppliers.models.telling import PaperReminder, SupplierMessage, Webhook, WebhookDelivery

__all__ = [
    "Certificate",
    "CertificateLot",
    "CheckOutcome",
    "Material",
    "PaperOverride",
    "PaperReminder",
    "PaperUpload",
    "RegisterLookup",
    "RequirementRow",
    "StandingChange",
    "StatusList",
    "Supplier",
    "SupplierMessage",
    "SupplierSite",
    "Supply",
    "TrustAnchor",
    "TrustedIssuer",
    "Webhook",
    "WebhookDelivery",
]
