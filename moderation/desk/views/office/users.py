"""The accounts of the office in Wagtail's screens."""

from wagtail.users.views.users import UserViewSet

from moderation.people.account_forms import AccountForm, NewAccountForm


class AccountViewSet(UserViewSet):
    """Admin of the accounts: name, address and roles on one sheet."""

    def get_form_class(self, for_update=False):
        return AccountForm if for_update else NewAccountForm
