/* Wagtail's rich text and topic fields have no name for assistive technology; each gets the label that stands
   above it. The calendar's button for several days, which no field here uses, is never seen and says an English word. */
(() => {
  function name(field) {
    if (field.hasAttribute("aria-label") || field.hasAttribute("aria-labelledby")) return;
    const wrapper = field.closest("[data-field-wrapper], [data-field], .w-field__wrapper, .w-panel");
    const label = wrapper && wrapper.querySelector("label, [data-panel-heading-text]");
    const words = label && label.textContent.replace("*", "").trim();
    field.setAttribute("aria-label", words || "Isi");
  }

  function nameAll() {
    document.querySelectorAll(".public-DraftEditor-content, .tagit-new input").forEach(name);
    document.querySelectorAll(".xdsoft_save_selected").forEach((button) => button.remove());
  }

  document.addEventListener("DOMContentLoaded", nameAll);
  new MutationObserver(nameAll).observe(document.documentElement, { childList: true, subtree: true });
})();
