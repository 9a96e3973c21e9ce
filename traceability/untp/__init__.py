"""Digital Product Passports in the words of the UN Transparency Protocol (UNTP DPP 0.6.0, uncefact.github.io/spec-untp). Pure.

Facts go in, a document in the shape of a W3C Verifiable Credential 2.0 comes out, ready for JSON. It is not signed: a
``proof`` is whoever signs it the one to add. What is not known is left out, and nothing is claimed that nobody verified: a claim of
conformity stands for a paper that was checked and accepted, and says by what.

facts        what is known of a lot or an item
composition  the share of each material in the mass of a lot
claims       what a kind of paper vouches for, and under which law
passport     the document
"""

from traceability.untp.composition import Flow, shares
from traceability.untp.facts import Evidence, Facility, Facts, Happened, Party, Share
from traceability.untp.passport import CONTEXT, credential

__all__ = ["CONTEXT", "Evidence", "Facility", "Facts", "Flow", "Happened", "Party", "Share", "credential", "shares"]
