from wagtail import hooks

from .marking import mark_page


@hooks.register("on_serve_page", order=1000)
def mark_what_may_be_kept(serve):
    """Inside the check of restrictions: a page that is closed to the reader does not come here."""

    def mark_and_serve(page, request, serve_args, serve_kwargs):
        mark_page(page, request, serve_args)
        return serve(page, request, serve_args, serve_kwargs)

    return mark_and_serve
