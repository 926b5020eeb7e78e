// Saves by itself what the server could not take: Wagtail's autosave tries again only after the next change, and five
// times where nothing answers. A refusal that stays one (a mistake in the text, an ended session) is left to the person.
(() => {
  const SECONDS = [5, 10, 20, 40, 60];
  let tries = 0;
  let timer = null;

  document.addEventListener("w-autosave:error", (event) => {
    const { response, trigger } = event.detail;
    // Without an answer of the site's own: no network, or the front server alone.
    if (response && !response.passes) return;
    const form = event.target;
    clearTimeout(timer);
    timer = setTimeout(
      () => window.wagtail.app.getControllerForElementAndIdentifier(form, "w-autosave")?.save(trigger),
      SECONDS[Math.min(tries, SECONDS.length - 1)] * 1000,
    );
    tries += 1;
  });

  document.addEventListener("w-autosave:success", () => {
    clearTimeout(timer);
    tries = 0;
  });
})();
