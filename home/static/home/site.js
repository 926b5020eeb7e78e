// Everything works without this. It remembers which banner was closed, and offers what only a script can do.
(() => {
  "use strict";

  const closed = "pita-ditutup";
  const readClosed = () => {
    try {
      return JSON.parse(localStorage.getItem(closed)) || [];
    } catch {
      return [];
    }
  };

  for (const alert of document.querySelectorAll("details.alert")) {
    if (readClosed().includes(alert.dataset.key)) alert.open = false;
    alert.addEventListener("toggle", () => {
      const others = readClosed().filter((key) => key !== alert.dataset.key);
      try {
        localStorage.setItem(closed, JSON.stringify(alert.open ? others : [...others, alert.dataset.key].slice(-20)));
      } catch {
        // A browser that keeps nothing shows the banner again on the next page.
      }
    });
  }

  const submenus = [...document.querySelectorAll(".menu details")];
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && submenus.find((menu) => menu.open);
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    for (const menu of submenus) if (!menu.contains(event.target)) menu.open = false;
  });

  for (const button of document.querySelectorAll("[data-does]")) {
    const acts = {
      print: () => window.print(),
      copy: async () => {
        const said = button.closest(".share").querySelector("[role=status]");
        try {
          await navigator.clipboard.writeText(button.dataset.address);
          said.textContent = "Tautan disalin.";
        } catch {
          said.textContent = button.dataset.address;
        }
      },
    };
    button.parentElement.hidden = false;
    button.addEventListener("click", acts[button.dataset.does]);
  }
})();
