"""Printed documents of the office: content defined once, rendered as HTML and as PDF.

``document`` holds the building blocks; ``sheet``, ``listing`` and ``case_file`` build one document
each; ``templates/moderation/papers/`` renders them in the browser, ``pdf`` and ``paper.typ`` as PDF.
"""
