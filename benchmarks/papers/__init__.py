"""What benchmarks/certificates.py is made of: verdicts on any file, what sets say of theirs, tampering, attacks, peers, standings."""
