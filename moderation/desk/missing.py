"""Answer for what does not exist as for what is refused: nobody learns which pages, files or accounts there are.

Wagtail's views look for the object first and ask for the right, or for the method, afterwards. Screens of our own ask
for the right first.
"""

from django.conf import settings
from wagtail.admin.auth import permission_denied

#: The namespaces of our own screens.
_OURS = {"moderation", "social", "kanal"}


def answer_missing(request, response):
    """Return the answer: Wagtail's refusal in place of its 404 and 405 for an object, else the response itself.

    An administrator may open everything, and is told that it is not there.
    """
    match = request.resolver_match
    if (
        response.status_code not in {404, 405}
        or match is None
        or not match.route.startswith(settings.ADMIN_PATH)
        or not (match.kwargs or match.args)
        or _OURS.intersection(match.namespaces)
        or not request.user.is_authenticated
        or request.user.is_superuser
    ):
        return response
    return permission_denied(request)
