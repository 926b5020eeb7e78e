"""Public pages kept as files that the front server gives out without asking Python.

A public page is written into a folder when it is first rendered, and nginx serves the file from then on
(``docs/nginx.conf``). This is why no reader ever meets a file that no longer says what the database says:

**A change is noted in its own transaction.** Triggers in the database (``triggers.py``) write a row
``PageChange`` beside every change of something that public pages show, whichever door it came through: the
ORM, ``QuerySet.update``, SQL by hand. The note commits with the change or not at all. It names the group of
pages that show what changed; ``EVERYTHING`` means all of them.

**Noted changes become a generation.** ``generation.settle`` gives all notes without a number the next one,
under the lock of the one ``PageGeneration`` row. Notes are counted, never compared by their keys: keys are
drawn before the commit, and the later key may commit first.

**Each machine follows.** ``generation.follow`` drops from this machine's folder what the generations since
the last it followed name, and only then writes down how far it is. Dropping is one rename a group: pages are
symbolic links into the folder of their group, so that a renamed folder takes any number of pages out of reach
at once. A crash anywhere in between repeats the drop; it never skips one.

**A render is kept only if nothing changed meanwhile.** It remembers how far this machine was when it began.
Under the lock that ``follow`` holds too, it is stored only if the database has no change without a number,
and its generation is still the one it began with. Take any change C and any render R that read the database
before C was committed:

- R asks after C's commit: C is a note without a number, or a later generation; R is not stored.
- R asks before C's commit and stores: whoever follows to C's generation does so after C's commit, hence after
  R let go of the lock, and drops R's file.

**Somebody always follows**: the process that took a change does so before it answers, every web process may
(one a machine does, ten times a second), and so does the worker. A process that dies between commit and
drop is thereby made good within a fraction of a second, on every machine. After a power cut, whose
files nobody vouches for, and with another version of the program, a machine begins with an empty folder.

**Nobody gets another's page.** Kept is only what an anonymous GET without query string, cookie or
authorization got under the site's own name, with status 200 and only such headers as nginx repeats
(``middleware.py``); nginx looks for a file under the same conditions. Pictures are kept the same way, as
links to the files, while something live shows them (``media.py``).
"""
