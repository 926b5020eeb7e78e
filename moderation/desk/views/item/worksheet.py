"""The worksheet (Lembar kerja): shows one item with its step forms, and takes the steps."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin import messages

from moderation import sop
from moderation.chain import deadlines, permits, policy, publication_orders, transitions
from moderation.desk import worksheet
from moderation.desk.library.from_materials import find_model, may_copy, place_materials
from moderation.desk.views.base import DeskMixin
from moderation.evidence.own_contacts import mask_typed
from moderation.models import Disposition
from moderation.models.roles import has_role
from moderation.people import whatsapp
from moderation.ports import channels
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.ports.seal import get_media
from moderation.privacy.sheet import build_sheet, fit_tick, mask_posted
from moderation.records import confirmations, item_history, queue
from moderation.records.proposals import may_propose
from moderation.review import exemptions, source_answers
from moderation.review.changes.screen import build_screen

INCOMPLETE = "Formulir tidak lengkap. Muat ulang lembar kerja, lalu ulangi langkah Anda."
#: Longer than any version number, short enough for ``int()``.
MAX_DIGITS = 9
_COMBINATIONS = {combination.code: combination for combination in sop.COMBINATIONS}


class WorksheetMixin(DeskMixin):
    """Show one item in full; ``refusal`` is the message of a step that was just refused."""

    template_name: str | None = "moderation/worksheet.html"
    page_title = "Lembar kerja"
    header_icon = "clipboard-list"
    trail = (("moderation:queue", "Antrean"),)
    refusal: StepRefused | None = None

    def get_item(self) -> Disposition:
        items = Disposition.objects.select_related(
            "assigned_to", "issued_by", "page", "proposal__proposed_by", "based_on"
        ).prefetch_related("permits")
        return get_object_or_404(items, pk=self.kwargs["pk"])

    def get_page_subtitle(self):
        return self.item.subject

    def get_breadcrumbs_items(self):
        *above, last = super().get_breadcrumbs_items()
        return [*above, last | {"label": f"Lembar kerja {self.item.register_number}"}]

    def get_context_data(self, **kwargs):
        item, user = self.item, self.request.user
        authority = policy.Authority(item, user)
        entries = item_history.get_entries(item)
        page = item_history.get_shown_page(item)
        posts = worksheet.get_posts(page)
        step_forms = self._get_forms(authority)
        media = get_media(page) if page is not None else []
        privacy = build_sheet(item, page, posts, media, step_forms, self._get_posted())
        if privacy is not None:
            fit_tick(step_forms, privacy.check)
        asked = source_answers.find_asked(item, page, entries)
        for step_form in step_forms:
            source_answers.fill_checklist(step_form.form, page, asked)
        forward = worksheet.get_forward_action(item)
        decision = worksheet.build_decision(step_forms)
        permit = permits.find_current(item)
        return super().get_context_data(
            item=item,
            **self._get_materials(authority),
            entries=entries[::-1],
            notes=worksheet.get_notes(entries),
            tracker=worksheet.build_tracker(item, entries),
            returns=worksheet.find_returns(entries),
            news_page=page,
            changes=build_screen(item, user, page, entries, self.request.GET),
            classification_proposal=getattr(page, "get_classification_display", lambda: "")(),
            attachments=worksheet.list_attachments(media),
            posts=posts,
            post_screens=channels.get_screens(item) if page is not None else [],
            seal=item_history.get_seal(page, media),
            permit=permit,
            left_out=publication_orders.describe_left_out(permit) if permit else "",
            outcomes=channels.get_outcomes([item.pk]).get(item.pk, []),
            **worksheet.get_aftermath(item, page),
            **exemptions.describe_gate(item, page, entries),
            reminders=whatsapp.get_reminders(item, user),
            trouble=queue.describe_trouble([item]).get(item.pk, ""),
            due=deadlines.load_office().describe_all([item]),
            due_label=deadlines.LABEL,
            step_forms=step_forms,
            decision=decision,
            separate_forwards=[f for f in step_forms if f.group == "forward" and not _is_part(f, decision)],
            separate_returns=[f for f in step_forms if f.group == "return" and not _is_part(f, decision)],
            forward_forms=[form for form in step_forms if form.group == "forward"],
            return_forms=[form for form in step_forms if form.group == "return"],
            exit_forms=[form for form in step_forms if form.group == "exit"],
            why_not=authority.why_not(forward) if forward else "",
            vacancies=worksheet.find_vacancies(authority),
            namesakes=worksheet.find_namesakes(authority, entries),
            may_write=page is not None and authority.may_write_text(),
            privacy=privacy,
            **worksheet.get_comments(authority, page),
            asked=asked,
            may_issue=has_role(user, *sop.get_action("issue").by),
            may_propose=may_propose(user),
            may_ask_source=confirmations.may_ask(authority),
            refusal=self.refusal,
            typed=self._get_typed(step_forms),
            **kwargs,
        )

    def _get_materials(self, authority) -> dict:
        found = list(self.item.materials.all())
        fits = any(find_model(material.name) for material in found)
        return {"materials": found, "may_copy_materials": fits and may_copy(authority)}

    def _get_forms(self, authority):
        return worksheet.build_forms(authority)

    def _get_posted(self):
        """Return the posted data of a refused step, None otherwise."""

    def _get_typed(self, step_forms) -> str:
        """Return a note typed on another screen, or for a step that is no longer offered."""
        refused = self.request.session.get("refused_comment", {})
        if refused.get("item") != self.item.pk:
            return ""
        return self.request.session.pop("refused_comment")["text"]


def _is_part(step_form, decision) -> bool:
    return decision is not None and step_form in (decision.forward, *decision.others)


class WorksheetView(WorksheetMixin, TemplateView):
    """The worksheet with the forms of the user's actions."""

    def get(self, request, *args, **kwargs):
        self.item = self.get_item()
        return super().get(request, *args, **kwargs)


class StepView(WorksheetMixin, TemplateView):
    """Take a step; on a refusal show the worksheet with everything typed."""

    http_method_names = ["get", "post", "head", "options"]

    def get(self, request, *args, **kwargs):
        return redirect("moderation:worksheet", pk=kwargs["pk"])

    def post(self, request, *args, **kwargs):
        try:
            item = self._take(request)
        except Disposition.DoesNotExist as error:
            raise Http404 from error
        except StepRefused as refusal:
            if request.headers.get("x-requested-with") == "XMLHttpRequest":
                raise  # The middleware answers scripts with the message alone.
            self.refusal = refusal
            # Read the item again to show what somebody else did meanwhile.
            self.item = self.get_item()
            status = 409 if isinstance(refusal, StepStale) else 422
            return self.render_to_response(self.get_context_data(), status=status)
        messages.success(request, self._describe(item), buttons=self._get_buttons(item))
        if request.POST["action"] == "compose" and "place_materials" in request.POST:
            place_materials(item, request.user).tell(request, placed=True)
        return redirect(self._get_next_address(item))

    def _take(self, request) -> Disposition:
        # ``take`` locks and reads the item itself.
        item = Disposition(pk=self.kwargs["pk"])
        code = request.POST.get("action", "")
        version = request.POST.get("version", "")
        if not code or not version.isdecimal() or len(version) > MAX_DIGITS:
            raise StepRefused(INCOMPLETE)
        if code in _COMBINATIONS:
            return transitions.take_combination(item, code, request.user, request.POST, expected_version=int(version))
        return transitions.take(
            item,
            code,
            request.user,
            request.POST,
            expected_version=int(version),
            expected_seal=request.POST.get("seal", ""),
        )

    def _get_forms(self, authority):
        return worksheet.build_forms(
            authority,
            refused=self.request.POST.get("action", ""),
            data=self._get_posted(),
            problems=self.refusal.fields,
        )

    def _get_posted(self):
        return mask_posted(self.request.POST)

    def _get_typed(self, step_forms) -> str:
        code = self.request.POST.get("action", "")
        if any(form.code == code for form in step_forms):
            return ""
        notes = [words for name, words in self.request.POST.items() if name.startswith("note_") and words.strip()]
        return mask_typed("\n".join([self.request.POST.get("comment", ""), *notes]).strip())

    def _describe(self, item) -> str:
        code = self.request.POST["action"]
        action = sop.get_action(_COMBINATIONS[code].actions[-1] if code in _COMBINATIONS else code)
        return f"“{item.subject}”: {action.done[:1].lower()}{action.done[1:]}. {queue.describe_position(item)}"

    def _get_buttons(self, item):
        return [messages.button(reverse("moderation:queue"), "Buka antrean")]

    def _get_next_address(self, item) -> str:
        if self.request.POST["action"] == "compose":
            return reverse("wagtailadmin_pages:edit", args=[item.page_id])
        return item.get_absolute_url()
