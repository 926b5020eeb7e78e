// The worksheet: gives the frame of the text its full height, so that the page alone scrolls, and says beside the
// decision what of it was never on the screen. It says so and holds nothing back; without a script the frame scrolls.
(() => {
  // Shares of an element on the screen at which the browser tells; one that is higher than the screen tells too.
  const SHARES = Array.from({ length: 101 }, (_, hundredth) => hundredth / 100);
  const PARTS = {
    naskah: ".article__head, .prose > :not(table, :has(img, table))",
    foto: "figure:has(img)",
    tabel: "table",
  };

  function fit(frame) {
    const root = frame.contentDocument?.documentElement;
    if (root) frame.style.height = `${Math.ceil(root.getBoundingClientRect().height) + 2}px`;
  }

  function open(frame, seen) {
    const shown = frame.contentDocument;
    // A picture is loaded before it is scrolled to: the text keeps its height, and paper gets all of them.
    for (const picture of shown.querySelectorAll("img[loading=lazy]")) picture.loading = "eager";
    new ResizeObserver(() => fit(frame)).observe(shown.documentElement);
    fit(frame);
    for (const [kind, parts] of Object.entries(PARTS)) {
      for (const part of shown.querySelectorAll(parts)) seen.watch(part, kind);
    }
    // On paper the frame has the width of the sheet, which is not the screen's.
    addEventListener("beforeprint", () => {
      frame.classList.add("desk-preview--paper");
      fit(frame);
    });
    addEventListener("afterprint", () => {
      frame.classList.remove("desk-preview--paper");
      fit(frame);
    });
  }

  // Counts what was on the screen to its end.
  class Seen {
    constructor(places, sentences) {
      this.places = places;
      this.sentences = sentences;
      this.left = new Map();
      this.parts = new Map();
      this.observer = new IntersectionObserver((entries) => entries.forEach((entry) => this.note(entry)), {
        threshold: SHARES,
      });
    }

    // Counts a part as one of its kind until its end was on the screen.
    watch(part, kind) {
      this.add(part, kind);
      this.observer.observe(part);
    }

    // The same for a part that has its end elsewhere.
    watchEnd(end, part) {
      this.parts.set(end, part);
      this.observer.observe(end);
    }

    add(part, kind) {
      this.left.set(part, kind);
      this.say();
    }

    note({ target, isIntersecting, boundingClientRect, intersectionRect }) {
      if (!isIntersecting || intersectionRect.bottom < boundingClientRect.bottom - 1) return;
      this.observer.unobserve(target);
      this.tick(this.parts.get(target) ?? target);
    }

    tick(part) {
      if (this.left.delete(part)) this.say();
    }

    say() {
      const counts = {};
      for (const kind of this.left.values()) counts[kind] = (counts[kind] ?? 0) + 1;
      const parts = Object.entries(this.sentences)
        .filter(([kind]) => counts[kind])
        .map(([kind, words]) => words.replace("{}", counts[kind]));
      const last = parts.pop();
      const listed = parts.length ? `${parts.join(", ")} dan ${last}` : last;
      for (const place of this.places) {
        place.hidden = !last;
        place.textContent = last ? `Anda belum melihat ${listed}.` : "";
      }
    }
  }

  // Shows an attachment below its name when it is opened for the first time; its end on the screen counts as seen.
  async function read(fold, seen) {
    const place = fold.querySelector("[data-attachment-content]");
    place.textContent = "Berkas sedang dibaca …";
    try {
      const answer = await fetch(fold.dataset.attachment, { headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      place.innerHTML = await answer.text();
    } catch {
      place.textContent = "Berkas ini tidak dapat ditampilkan di sini. Bukalah di tab baru, atau unduh.";
      return;
    }
    const end = place.querySelector(".desk-attachment__content").lastElementChild;
    if (end) seen.watchEnd(end, fold);
  }

  function openAttachment(fold, seen) {
    if ("counts" in fold.dataset) seen.add(fold, "lampiran");
    for (const link of fold.querySelectorAll("a")) link.addEventListener("click", () => seen.tick(fold));
    fold.addEventListener("toggle", () => fold.open && read(fold, seen), { once: true });
  }

  function start() {
    const places = document.querySelectorAll("[data-unseen]");
    const seen = new Seen(places, { naskah: "seluruh naskah", foto: "{} foto", tabel: "{} tabel", lampiran: "{} lampiran" });
    for (const fold of document.querySelectorAll("[data-attachment]")) openAttachment(fold, seen);
    for (const frame of document.querySelectorAll(".desk-preview")) {
      const isThere = frame.contentDocument?.readyState === "complete" && frame.contentDocument.URL !== "about:blank";
      if (isThere) open(frame, seen);
      else frame.addEventListener("load", () => open(frame, seen), { once: true });
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
