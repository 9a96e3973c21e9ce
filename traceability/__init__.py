"""What was made of what, who bears which code, what a scan means. Knows no sensor and no person."""
