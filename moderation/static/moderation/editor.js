/* Wagtail's rich text field has no name for assistive technology; it gets the label that stands above it. */
(() => {
  function name(field) {
    if (field.hasAttribute("aria-label") || field.hasAttribute("aria-labelledby")) return;
    const wrapper = field.closest("[data-field-wrapper], [data-field], .w-field__wrapper, .w-panel");
    const label = wrapper && wrapper.querySelector("label, [data-panel-heading-text]");
    const words = label && label.textContent.replace("*", "").trim();
    field.setAttribute("aria-label", words || "Isi");
  }

  function nameAll() {
    document.querySelectorAll(".public-DraftEditor-content").forEach(name);
  }

  document.addEventListener("DOMContentLoaded", nameAll);
  new MutationObserver(nameAll).observe(document.documentElement, { childList: true, subtree: true });
})();
