"""One round of what ``dispatch`` keeps going: look for what is uncertain, send what is due, close what is finished."""

from django.utils import timezone

from .acting import act_on_due
from .looking import look, recover_lost
from .models import Account, Delivery
from .sending import list_due, send
from .settlement import settle_finished_items

#: How many deliveries one pass takes.
BATCH = 20


def send_due_deliveries() -> int:
    """Do one pass and return how many deliveries moved. Any number of workers may run it at once."""
    now = timezone.now()
    done = recover_lost(now)
    ready = Account.objects.ready(now)
    uncertain = Delivery.objects.to_look_for(now).filter(account__in=ready).order_by("next_attempt_at", "pk")
    done += sum(look(pk) for pk in list(uncertain.values_list("pk", flat=True)[:BATCH]))
    done += sum(send(pk) for pk in list_due(now, BATCH))
    done += act_on_due()
    return done + settle_finished_items()
