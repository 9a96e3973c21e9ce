"""The XML binding of EPCIS 2.0, piece by piece. Pure. Ask ``from_xml`` and ``to_xml``, which put the pieces together."""
