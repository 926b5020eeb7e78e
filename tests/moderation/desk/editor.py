"""The data that a browser posts from Wagtail's editor."""

from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield


def editor_form(page, **changes):
    """Return the editor's POST data for a page."""
    data = {
        "title": page.title,
        "slug": page.slug,
        "lead": page.lead,
        "activity_date": "09-09-2026",
        "activity_place": page.activity_place,
        "category": page.category_id,
        "classification": page.classification,
        "body": streamfield([("paragraph", rich_text("<p>Warga bekerja bakti.</p>"))]),
        "channel_texts": streamfield([]),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
    }
    return nested_form_data(data | changes)
