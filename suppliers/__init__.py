"""Who may deliver what, and why we believe it. Knows no lot, no item, no sensor, no member."""
