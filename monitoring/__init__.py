"""The line speaks: telemetry in, few and explained alerts out, and the lots they touch. Knows no member."""
