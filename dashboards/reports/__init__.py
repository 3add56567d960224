"""The reports of `dif report`: a network, a product, the board, each one HTML file to mail and to print.

They read the release like a page, and say it with the pages' queries, narrative, charts, tables and texts. What does
not belong here: Streamlit, which a report is made without, and any sentence or picture that a page could use as well.
"""
