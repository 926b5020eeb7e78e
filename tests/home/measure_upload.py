"""Takes one upload through form field and renditions in a process of its own; prints what became of it and its peak.

Usage: python -m tests.home.measure_upload <name>, with the file on standard input.
"""

import resource
import sys

import django


def main() -> None:
    django.setup()
    from django.core.exceptions import ValidationError
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.urls import get_resolver

    from news.models import Photo
    from news.upload_forms import PhotoField

    # All that a web process holds.
    assert get_resolver().url_patterns
    try:
        file = PhotoField().to_python(SimpleUploadedFile(sys.argv[1], sys.stdin.buffer.read()))
    except ValidationError:
        outcome = "refused"
    else:
        outcome = "kept"
        photo = Photo(title="Foto")
        photo.file.save(file.name, file, save=False)
        from wagtail.images.models import Filter

        for spec in ("max-1440x1440|format-webp", "fill-1440x960|format-jpeg", "fill-320x213|format-webp"):
            photo.generate_rendition_file(Filter(spec))
    own, child = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(outcome, (own + child) // 1024)


if __name__ == "__main__":
    main()
