"""When, in what order, with what: the run, the gate, Dagster's definitions and the command line.

What does not belong here: how a table is made (`assets`), how it is kept (`transport`), and streamlit.
"""
