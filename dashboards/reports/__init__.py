"""The reports of `dif report`: network, product and board, each one HTML file to mail and print.

They read the release as pages do, with the pages' queries, narrative, charts, tables and texts. Streamlit does not
belong here, since reports are made without it, nor does any sentence or picture that a page could use too.
"""
