// What a phone can do beyond the links: hand text and pictures to another app at once, and copy. Without it, everything
// here stays a text to select and a link to follow.
for (const root of document.querySelectorAll("[data-package]")) {
    const text = root.querySelector("[data-text]");
    const said = root.querySelector("[data-said]");
    const copy = root.querySelector("[data-copy]");
    const share = root.querySelector("[data-share]");
    const pictures = [...root.querySelectorAll("img[data-goes-along]")];
    let files = [];

    const say = (words) => {
        said.textContent = words;
    };

    // Read before the button is pressed: a share sheet opens only in the moment of a touch.
    const readFiles = async () => {
        files = await Promise.all(
            pictures.map(async (picture) => {
                const response = await fetch(picture.src);
                if (!response.ok) throw new Error(String(response.status));
                return new File([await response.blob()], picture.dataset.file, { type: "image/jpeg" });
            }),
        );
    };

    if (copy) {
        copy.hidden = false;
        copy.addEventListener("click", async () => {
            try {
                await navigator.clipboard.writeText(text.value);
                say("Teks disalin.");
            } catch {
                // Over plain http there is no clipboard; the text is selected, ready for the phone's own menu.
                text.focus();
                text.select();
                say("Teks dipilih. Gunakan menu Salin.");
            }
        });
    }

    if (share && navigator.share) {
        share.hidden = false;
        readFiles().catch(() => {
            files = [];
        });
        share.addEventListener("click", async () => {
            const data = { text: text.value };
            if (files.length && navigator.canShare && navigator.canShare({ files })) data.files = files;
            try {
                await navigator.share(data);
                say(said.dataset.done);
            } catch (problem) {
                if (problem.name !== "AbortError") say("Tidak dapat dibagikan dari sini. Salin teks dan unduh gambarnya.");
            }
        });
    }
}
