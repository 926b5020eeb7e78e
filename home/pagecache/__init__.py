"""Keep public pages as files that nginx serves without asking Django.

A page is stored when it is first rendered, and dropped when something it shows changes. Triggers note each change in
its own transaction (``PageChange``); notes get a number (``PageGeneration``); each machine drops what the numbers
since its last one name, and stores a page only where nothing changed while it was rendered.
docs/page-cache.md#never-stale proves that no reader gets a stale page.
"""
