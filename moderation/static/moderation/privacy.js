/* The personal-data check in Wagtail's editor: sends what stands in the form, shows what comes back.
   Nothing is saved by this, and the item is checked again when it is handed over. */
(() => {
  const EVERY = 1500;
  const MAX_BYTES = 512 * 1024;
  const OFFLINE = "Pemeriksaan tidak dapat dijalankan sekarang. Naskah tetap diperiksa saat diserahkan.";
  const TOO_LONG = "Naskah terlalu panjang untuk diperiksa selagi diketik. Naskah tetap diperiksa saat diserahkan.";

  function start() {
    const form = document.querySelector("form[data-edit-form]");
    const panel = document.querySelector("[data-privacy-panel]");
    if (!form || !panel) return;
    const status = panel.querySelector("[data-privacy-status]");
    const list = panel.querySelector("[data-privacy-findings]");
    const counter = document.querySelector('[data-side-panel-toggle="checks"] [data-side-panel-toggle-counter]');
    const stock = document.querySelector("[data-content-checker-count]");
    let sent = null;
    let pending = null;
    let seen = null;
    let running = false;
    let findings = { blocking: 0, warnings: 0 };

    // The editor's own checks write their number into the same badge.
    function count() {
      if (!counter) return;
      const total = (Number(stock && stock.textContent) || 0) + findings.blocking + findings.warnings;
      if (counter.textContent.trim() !== String(total)) counter.textContent = String(total);
      counter.hidden = total === 0;
      counter.classList.toggle("w-bg-critical-200", findings.blocking > 0);
      counter.classList.toggle("w-bg-surface-button-default", findings.blocking === 0);
    }

    function say(text) {
      if (status.textContent !== text) status.textContent = text;
    }

    async function check(body) {
      running = true;
      sent = body;
      try {
        const response = await fetch(panel.dataset.privacyUrl, {
          method: "POST",
          body,
          credentials: "same-origin",
          headers: {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Requested-With": "XMLHttpRequest",
          },
        });
        const answer = await response.json();
        if (!response.ok) throw new Error(answer.message || OFFLINE);
        findings = answer;
        list.innerHTML = answer.html;
        say(list.querySelector(".desk-live__sum").textContent.trim());
        list.querySelector(".desk-live__sum").hidden = true;
      } catch (error) {
        findings = { blocking: 0, warnings: 0 };
        list.textContent = "";
        say(error instanceof TypeError || error instanceof SyntaxError ? OFFLINE : error.message);
      }
      running = false;
      count();
    }

    // Rich text and blocks change hidden fields without an event, so the form is compared. It is
    // sent when it has stood still for one beat.
    function look() {
      count();
      if (running || document.hidden) return;
      const body = new URLSearchParams(new FormData(form)).toString();
      if (body === sent) return;
      pending = body === seen || seen === null ? body : null;
      seen = body;
      if (pending === null) return;
      if (body.length > MAX_BYTES) {
        sent = body;
        say(TOO_LONG);
        return;
      }
      check(body);
    }

    if (stock) new MutationObserver(count).observe(stock, { childList: true, characterData: true, subtree: true });
    setInterval(look, EVERY);
    look();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
