"""Who is at the door: accounts, keys, guards."""
