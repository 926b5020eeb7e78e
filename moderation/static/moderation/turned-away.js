// Says in the server's words why it turned a script of the page away: an ended session, a stale token, a refused order.
// Wagtail's dialogs would say "server error", and a button that opens one nothing. What was typed stays where it is.
(() => {
  const renew = (token) => {
    for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = token;
  };

  let field = null;
  document.addEventListener("focusin", ({ target }) => {
    field = target.closest("main .w-field__input") ?? field;
  });

  // The dialog that is open; else the field that a person was in; else the page.
  const findPlace = () => {
    const dialog = [...document.querySelectorAll(".modal-body, .w-dialog__body")].find((body) => body.checkVisibility());
    return dialog ?? (field?.checkVisibility() ? field : document.querySelector("main"));
  };

  const show = ({ error_message: text, sign_in: address }) => {
    for (const told of document.querySelectorAll(".turned-away")) told.remove();
    const place = findPlace();
    const box = document.createElement("div");
    box.className = "help-block help-critical turned-away";
    box.setAttribute("role", "alert");
    box.append(text);
    if (address) {
      const link = document.createElement("a");
      Object.assign(link, { href: address, target: "_blank", rel: "noopener", textContent: "Masuk kembali" });
      box.append(" ", link);
    }
    const header = place.querySelector("header");
    if (header) header.after(box);
    else place.prepend(box);
    box.scrollIntoView({ block: "center" });
  };

  const read = (text) => {
    try {
      const answer = JSON.parse(text);
      return answer.error_message && (answer.sign_in || answer.token) ? answer : null;
    } catch {
      return null;
    }
  };

  const $ = window.jQuery;

  // Wagtail's own handlers would say "server error", in an alert too, and forget for which text a link is being chosen.
  $.ajaxPrefilter((_options, _asked, request) => {
    const fail = request.fail;
    request.fail = (...handlers) =>
      fail.call(request, (...told) => {
        if (read(request.responseText)) return;
        for (const handler of handlers.flat()) handler?.apply(request, told);
      });
  });

  $(document).on("ajaxError", (_event, request) => {
    const answer = read(request.responseText);
    if (!answer) return;
    if (answer.token) renew(answer.token);
    // A dialog that could not open: its button works again and has the focus.
    $("body > .modal").not(":visible").trigger("hide.bs.modal").trigger("hidden.bs.modal");
    for (const button of document.querySelectorAll(".modal-body [data-w-progress-loading-value]")) {
      button.dataset.wProgressLoadingValue = "false";
    }
    show(answer);
  });

  document.addEventListener("w-autosave:error", ({ detail: { response } }) => {
    if (response?.token) renew(response.token);
  });

  // A list that is searched as one types only stays as it was. The event has no answer: ask once more.
  document.addEventListener("w-swap:error", async ({ detail: { requestUrl } }) => {
    if (requestUrl.includes("/editing-sessions/")) return;
    const response = await fetch(requestUrl, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    const answer = read(await response.text());
    if (answer) show(answer);
  });

  // Wagtail's list of pages says nothing when a new order is refused, and leaves the row where it was dropped: load the
  // list again, which shows the true order and the reason.
  window.addEventListener("unhandledrejection", (event) => {
    if (String(event.reason?.message).endsWith("Status: 409")) window.location.reload();
  });
})();
