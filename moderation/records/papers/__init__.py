"""The office's papers: what stands on them is said once, and drawn as HTML and as PDF.

``document`` is what a paper is made of; ``sheet``, ``listing`` and ``case_file`` say what stands on
each; ``templates/moderation/papers/`` draws it for the browser, ``pdf`` and ``paper.typ`` as PDF.
"""
