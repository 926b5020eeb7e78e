"""Redirects lead to what citizens can read, never to themselves, and never away from an item's own address."""

from django.db.models.signals import pre_delete, pre_save
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site
from wagtail.signals import page_slug_changed, post_page_move

from home.authenticity.addresses import Identity, Place
from moderation.evidence.addresses import guards as addresses
from moderation.models import Withdrawal
from moderation.ports.exceptions import GuardViolation

#: What of a kept redirect never changes.
_KEPT = ("old_path", "site_id", "redirect_page_id", "redirect_link", "automatically_created")


class LiveRedirectMiddleware(RedirectMiddleware):
    """Wagtail's redirects after a 404, except those that lead nowhere."""

    def process_response(self, request, response):
        answer = super().process_response(request, response)
        if answer is response or _may_lead(request):
            return answer
        return response


def _may_lead(request) -> bool:
    """Say whether the redirect of a request may be followed; asked after the redirect was found."""
    paths = [Redirect.normalise_path(request.get_full_path()), Redirect.normalise_path(request.path)]
    redirect = next(filter(None, (get_redirect(request, path) for path in paths)), None)
    if redirect is None or find_item_at(redirect.old_path) is not None:
        return False
    return not leads_to_itself(redirect) and _leads_somewhere(redirect)


def _leads_somewhere(redirect) -> bool:
    page = redirect.redirect_page
    if page is not None:
        is_readable = page.live and not page.get_view_restrictions().exists()
        return is_readable or Withdrawal.objects.filter(page_id=page.pk).exists()
    identity = Identity.load()
    address = _complete(redirect.redirect_link)
    return not identity.is_ours(address) or identity.look_up(address) != Place()


def _complete(link: str) -> str:
    site = Site.objects.filter(is_default_site=True).first()
    return f"{site.root_url}{link}" if link.startswith("/") and site is not None else link


def leads_to_itself(redirect) -> bool:
    """Say whether the redirect's target is the address it stands at."""
    target = redirect.redirect_page.url if redirect.redirect_page is not None else redirect.redirect_link
    if not target or not (target.startswith("/") or Identity.load().is_ours(target)):
        return False
    return Redirect.normalise_path(target) == Redirect.normalise_path(redirect.old_path)


def find_item_at(path: str) -> Page | None:
    """Return the page of an item, draft or not, whose own address is ``path``; None when there is none."""
    page = addresses.find_page_at(path)
    return page if page is not None and hasattr(page, "register_item") else None


def find_refusal(redirect) -> dict[str, str]:
    """Return why a redirect may not be saved, by field; nothing when it may."""
    kept = find_kept(redirect)
    if kept is not None and any(getattr(kept, name) != getattr(redirect, name) for name in _KEPT):
        return {"old_path": _say_kept(kept)}
    item = find_item_at(redirect.old_path)
    if item is not None:
        title = item.register_item.register_number
        return {"old_path": f"Alamat ini milik materi {title} dan tidak dapat dialihkan."}
    field = "redirect_link" if redirect.redirect_page is None else "redirect_page"
    if leads_to_itself(redirect):
        return {field: "Pengalihan tidak boleh menuju alamatnya sendiri."}
    target = redirect.redirect_page
    if target is None and Identity.load().is_ours(_complete(redirect.redirect_link)):
        target = addresses.find_page_at(redirect.redirect_link)
    if target is not None and not target.live:
        return {field: f"Halaman tujuan “{target.title}” tidak tayang. Pilih halaman yang dapat dibaca warga."}
    return {}


def find_kept(redirect) -> Redirect | None:
    """Return the redirect as stored if it leads from an item's former address to it, None for any other."""
    kept = addresses.list_kept_redirects().filter(pk=redirect.pk).select_related("redirect_page__register_item").first()
    return None if kept is None or leads_to_itself(kept) else kept


def _say_kept(kept) -> str:
    item = kept.redirect_page.register_item
    return f"Alamat ini pernah menjadi alamat materi {item.register_number}: pengalihannya ke materi itu tetap."


def guard_kept(sender, instance, **kwargs) -> None:
    """Refuse to delete the way from an item's former address to it."""
    kept = find_kept(instance)
    if kept is not None:
        raise GuardViolation(f"{kept.old_path}: {_say_kept(kept)}")


def guard_redirect(sender, instance, raw=False, **kwargs) -> None:
    """Refuse a redirect that leads citizens astray, whoever saves it."""
    for refusal in find_refusal(instance).values() if not raw else ():
        raise GuardViolation(f"{instance.old_path}: {refusal}")


def drop_own_redirects(sender, instance, **kwargs) -> None:
    """Delete the redirects at the addresses that a page and those below it have now: they lead to themselves."""
    pages = {page.pk: page for page in instance.get_descendants(inclusive=True).live().only("pk", "url_path", "title")}
    addresses = {Redirect.normalise_path(page.url): page.pk for page in pages.values() if page.url}
    own = [
        redirect.pk
        for redirect in Redirect.objects.filter(redirect_page__in=pages).only("pk", "old_path", "redirect_page")
        if addresses.get(redirect.old_path) == redirect.redirect_page_id
    ]
    Redirect.objects.filter(pk__in=own).delete()


def connect() -> None:
    """Connect the guard and the clean-up; called once from ``AppConfig.ready``."""
    pre_save.connect(guard_redirect, sender=Redirect, dispatch_uid="home_guard_redirect")
    pre_delete.connect(guard_kept, sender=Redirect, dispatch_uid="home_guard_redirect_gone")
    page_slug_changed.connect(drop_own_redirects, dispatch_uid="home_own_redirects_slug")
    post_page_move.connect(drop_own_redirects, dispatch_uid="home_own_redirects_move")
