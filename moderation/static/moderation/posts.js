/* The posts in Wagtail's editor: sends what the channels show of the form, draws what the adapters make of it.
   Nothing is saved by this; without a script the worksheet shows the same of the saved text. */
(() => {
  const BEAT = 700;
  const OFFLINE = "Pratinjau tidak dapat dibuat sekarang. Lembar kerja menampilkan pratinjau naskah yang tersimpan.";
  const SHOWN = /^(csrfmiddlewaretoken|title|slug|lead|tags|seo_title|search_description|main_image(_alt)?|channel_texts-.*)$/;

  function start() {
    const form = document.querySelector("form[data-edit-form]");
    const panel = document.querySelector("[data-posts-url]");
    if (!form || !panel) return;
    const status = panel.querySelector("[data-posts-status]");
    const list = panel.querySelector("[data-posts-list]");
    let sent = null;
    let seen = null;
    let running = false;

    // Read aloud only when it changes, not at each letter.
    function say(text) {
      if (status.textContent !== text) status.textContent = text;
    }

    async function compose(body) {
      running = true;
      sent = body;
      try {
        const response = await fetch(panel.dataset.postsUrl, {
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
        list.innerHTML = answer.html;
        say(answer.problems ? `${answer.problems} kanal belum dapat menerima unggahan ini.` : "Semua kanal dapat menerima unggahan ini.");
      } catch (error) {
        list.textContent = "";
        say(error instanceof TypeError || error instanceof SyntaxError ? OFFLINE : error.message);
      }
      running = false;
    }

    // Choosers and blocks change hidden fields without an event, so what is shown is compared. It is
    // sent when it has stood still for one beat.
    function look() {
      if (running || document.hidden) return;
      const shown = [...new FormData(form)].filter(([name]) => SHOWN.test(name));
      const body = new URLSearchParams(shown).toString();
      if (body === sent) return;
      const stoodStill = body === seen || seen === null;
      seen = body;
      if (stoodStill) compose(body);
    }

    setInterval(look, BEAT);
    look();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
