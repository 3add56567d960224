"""Figures by mail: the form that people subscribe by, what a mail says, and who is due one (decision 0031)."""
