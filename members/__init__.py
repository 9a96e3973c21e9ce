"""The person behind the scan: consent, visits, notices. Knows no sensor; nothing below knows it."""
