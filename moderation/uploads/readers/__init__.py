"""Reads one uploaded file in a process of its own: the file in, one line of JSON for each part out.

Started by ``text_extraction`` with limits of time and memory, so that a hostile file ends only this process; the
lines written until then are used. Imports no Django. Any fault in a file ends the process with an error; the last
line, ``["end", …]``, means that everything was read or named.
"""
