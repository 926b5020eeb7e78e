"""Takes one upload through form field and renditions in a process of its own; prints what became of it and its peak.

The peak is that of the web process while the picture is read, with all that the reading process may take, and that of
the web process alone while renditions are made, whichever is more.

Usage: python -m tests.home.serving.measure_upload <file>
"""

import sys
from pathlib import Path

import django


def main() -> None:
    django.setup()
    from django.core.exceptions import ValidationError
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.urls import get_resolver

    from news.images.upload_forms import READER_MEMORY, PhotoField
    from news.models import Photo

    # All that a web process holds.
    assert get_resolver().url_patterns
    outcome, upload = "kept", Path(sys.argv[1])
    try:
        file = PhotoField().to_python(SimpleUploadedFile(upload.name, upload.read_bytes()))
    except ValidationError:
        outcome = "refused"
    while_reading = read_peak() + READER_MEMORY // 1024**2
    if outcome == "kept":
        photo = Photo(title="Foto", collection_id=1)
        photo.file.save(file.name, file, save=False)
        from wagtail.images.models import Filter

        for spec in ("max-1440x1440|format-webp", "fill-1440x960|format-jpeg", "fill-320x213|format-webp"):
            photo.generate_rendition_file(Filter(spec))
    print(outcome, max(while_reading, read_peak()))


def read_peak() -> int:
    """The most that this process ever held, in megabytes; getrusage would count what its parent held, too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024


if __name__ == "__main__":
    main()
