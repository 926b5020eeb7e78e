/* Save what Wagtail's editor takes for saved or for its beginning. Its w-unsaved controller compares the form with a
   snapshot that it takes two seconds after the page was loaded, and again whenever an autosave succeeded, from the form
   as it is then: what was typed in those two seconds, or while a save was on its way, would neither be sent nor asked
   about on leaving, until the next change. */
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-edit-form][data-controller~='w-autosave']");
  if (!form) return;
  let watched = false;
  let typed = false;
  let sent = null;

  /* The fields as text, without those that the answer itself changes, and comments, which Wagtail tracks apart. */
  function read(data, changed) {
    const fields = [...data].filter(
      ([name, value]) =>
        typeof value === "string" &&
        !name.startsWith("comments-") &&
        !["csrfmiddlewaretoken", "overwrite_revision_id", "loaded_revision_id", "loaded_revision_created_at"].includes(name) &&
        !(name in changed),
    );
    return JSON.stringify(fields);
  }

  function save() {
    form.dispatchEvent(new CustomEvent("w-unsaved:add", { bubbles: true, cancelable: true, detail: { type: "edits" } }));
  }

  for (const kind of ["beforeinput", "change"]) {
    form.addEventListener(kind, (event) => (typed ||= !watched && event.isTrusted), true);
  }
  form.addEventListener("w-unsaved:watch-edits", () => {
    watched = true;
    if (typed) save();
    typed = false;
  });
  form.addEventListener("w-autosave:save", (event) => (sent = event.detail.formData));
  form.addEventListener("w-autosave:success", (event) => {
    const changed = event.detail.response.field_updates || {};
    if (sent && read(new FormData(form), changed) !== read(sent, changed)) save();
  });
});
