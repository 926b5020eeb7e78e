// Without JavaScript the button stays hidden, and a sentence names the browser's own menu.
for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
}
