"""What happened to items and lots, in the shape of EPCIS 2.0: written once, never changed, read by many."""
