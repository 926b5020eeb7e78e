// Says in the server's words why it turned a script of the page away: an ended session, a stale token, a refused order.
// Wagtail's dialogs would say "server error", and a button that opens one nothing. What was typed stays where it is.
(() => {
  const renew = (token) => {
    for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = token;
  };

  const show = ({ error_message: text, sign_in: address }) => {
    document.querySelector(".turned-away")?.remove();
    const place = document.querySelector(".modal-body") ?? document.querySelector("main");
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

  window.jQuery(document).on("ajaxError", (_event, request) => {
    const answer = read(request.responseText);
    if (!answer) return;
    if (answer.token) renew(answer.token);
    for (const told of document.querySelectorAll(".modal-body .help-critical")) told.remove();
    for (const button of document.querySelectorAll(".modal-body [data-w-progress-loading-value]")) {
      button.dataset.wProgressLoadingValue = "false";
    }
    show(answer);
  });

  document.addEventListener("w-autosave:error", ({ detail: { response } }) => {
    if (response?.token) renew(response.token);
  });

  // Wagtail's list of pages says nothing when a new order is refused, and leaves the row where it was dropped: load the
  // list again, which shows the true order and the reason.
  window.addEventListener("unhandledrejection", (event) => {
    if (String(event.reason?.message).endsWith("Status: 409")) window.location.reload();
  });
})();
