"""Structured data of pages: schema.org as JSON-LD."""

import json

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from home.models import HomePage
from news.models import NewsPage

#: Characters of a headline that search engines show.
HEADLINE_LENGTH = 110
_UNSAFE = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def write(context, office) -> SafeString:
    """Return the script element of a page, "" where there is none."""
    request, page = context.get("request"), context.get("page")
    if request is None or page is None or getattr(request, "is_preview", False):
        return mark_safe("")
    things = []
    if isinstance(page, HomePage):
        things.append(describe_office(office, request))
    elif isinstance(page, NewsPage):
        things.append(describe_item(page, office, request, context.get("card")))
    trail = _get_trail(context, page)
    if len(trail) > 1:
        things.append(describe_trail(trail, request))
    if not things:
        return mark_safe("")
    written = json.dumps({"@context": "https://schema.org", "@graph": things}, ensure_ascii=False)
    # Escape characters that could end the element.
    return mark_safe(f'<script type="application/ld+json">{written.translate(_UNSAFE)}</script>')  # noqa: S308


def describe_office(office, request) -> dict:
    """Return the office as a GovernmentOrganization, without empty fields."""
    told = {
        "@type": "GovernmentOrganization",
        "@id": request.build_absolute_uri("/#kantor"),
        "name": office.office_name,
        "url": request.build_absolute_uri("/"),
        "address": office.address,
        "telephone": office.phone,
        "email": office.email,
        "sameAs": [account.value["address"] for account in office.social_accounts],
    }
    if office.parent_body:
        told["parentOrganization"] = {"@type": "GovernmentOrganization", "name": office.parent_body}
    return {name: value for name, value in told.items() if value}


def describe_item(page, office, request, card) -> dict:
    """Return an item as a NewsArticle, one of the agenda as an Event."""
    address = page.get_full_url(request)
    publisher = {"@type": "GovernmentOrganization", "@id": request.build_absolute_uri("/#kantor")}
    publisher["name"] = office.office_name
    image = [request.build_absolute_uri(card.image)] if card and card.image else []
    if page.is_event and page.starts_at:
        told = {
            "@type": "Event",
            "name": page.title,
            "description": page.lead,
            "startDate": _write_moment(page.starts_at),
            "endDate": _write_moment(page.ends_at),
            "location": {"@type": "Place", "name": page.activity_place, "address": page.activity_place},
            "organizer": publisher,
        }
    else:
        told = {
            "@type": "NewsArticle",
            "headline": page.title[:HEADLINE_LENGTH],
            "description": page.lead,
            "articleSection": page.shown_category,
            "datePublished": _write_moment(page.first_published_at),
            "dateModified": _write_moment(page.last_published_at),
            "author": publisher,
            "publisher": publisher,
            "inLanguage": "id",
            "isAccessibleForFree": True,
            "identifier": getattr(page, "proof_number", None),
        }
    told |= {"url": address, "mainEntityOfPage": address, "image": image}
    return {name: value for name, value in told.items() if value}


def describe_trail(trail, request) -> dict:
    """Return the BreadcrumbList of the page."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": title, "item": request.build_absolute_uri(address)}
            for place, (title, address) in enumerate(trail, 1)
        ],
    }


def _get_trail(context, page) -> list[tuple[str, str]]:
    """Return (title, URL) of the pages in the visible breadcrumb."""
    if isinstance(page, HomePage):
        return []
    request = context["request"]
    above = [context["index_page"]] if isinstance(page, NewsPage) and context.get("index_page") else []
    above = above or list(context.get("trail") or [])
    pages = [*above, page]
    return [("Beranda", "/"), *((found.title, found.get_url(request) or "/") for found in pages)]


def _write_moment(moment) -> str:
    return timezone.localtime(moment).isoformat() if moment else ""
