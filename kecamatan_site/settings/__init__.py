"""Settings: ``base`` is shared; ``dev``, ``test`` and ``production`` add to it."""
