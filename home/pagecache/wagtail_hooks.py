from wagtail import hooks

from .marking import mark_page


@hooks.register("on_serve_page", order=1000)
def mark_what_may_be_kept(serve):
    """Mark pages that may be kept. Runs inside Wagtail's check of view restrictions, so never for a closed page."""

    def mark_and_serve(page, request, serve_args, serve_kwargs):
        mark_page(page, request, serve_args)
        return serve(page, request, serve_args, serve_kwargs)

    return mark_and_serve
