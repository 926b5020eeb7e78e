// Kirim foto: each file is sent by itself, waits while there is no line, and is tried again until it arrives or is
// refused. Without this script the form sends all files at once.
(() => {
    const form = document.querySelector("[data-send-photos]");
    if (!form) return;
    const list = form.querySelector("[data-sending]");
    const input = form.elements.files;
    //: Milliseconds between two tries, at first and at most.
    const FIRST = 2000;
    const LONGEST = 30000;
    const queue = [];
    let isSending = false;
    let wake = () => {};

    const show = (entry, words, isBad = false) => {
        entry.state.textContent = words;
        entry.state.classList.toggle("error-message", isBad);
    };

    // Resolves with the answer's status, 0 without a line, and what it says.
    const send = (entry) =>
        new Promise((resolve) => {
            const request = new XMLHttpRequest();
            request.open("POST", form.action || location.href);
            request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
            request.setRequestHeader("Accept", "application/json");
            request.upload.addEventListener("progress", (event) => {
                if (event.lengthComputable) show(entry, `Mengirim ${Math.round((100 * event.loaded) / event.total)} %`);
            });
            request.addEventListener("loadend", () => {
                let said = "";
                try {
                    said = JSON.parse(request.responseText).said || "";
                } catch {
                    // Not the page's own answer: a sign-in, or the front server's.
                }
                resolve({ status: request.status, said });
            });
            request.send(entry.data);
        });

    // A new sign-in brings a new token.
    const renew = async (entry) => {
        try {
            const page = await (await fetch(location.href)).text();
            const field = new DOMParser().parseFromString(page, "text/html").querySelector("[data-send-photos] [name=csrfmiddlewaretoken]");
            if (field) entry.data.set("csrfmiddlewaretoken", field.value);
        } catch {
            // No line: the next try says so.
        }
    };

    const pause = (milliseconds) =>
        new Promise((resolve) => {
            const timer = setTimeout(resolve, milliseconds);
            wake = () => {
                clearTimeout(timer);
                resolve();
            };
        });

    const run = async () => {
        if (isSending) return;
        isSending = true;
        let wait = FIRST;
        while (queue.length) {
            const entry = queue[0];
            show(entry, "Mengirim");
            const { status, said } = await send(entry);
            if (said && status < 500) {
                show(entry, status < 300 ? said : `Tidak diterima: ${said}`, status >= 300);
                queue.shift();
                wait = FIRST;
            } else if (status === 0 || status === 429 || status >= 500) {
                show(entry, "Menunggu jaringan, dicoba lagi sendiri");
                await pause(wait);
                wait = Math.min(2 * wait, LONGEST);
            } else {
                show(entry, "Sesi berakhir. Masuk lagi di tab lain; foto ini dikirim sendiri setelahnya.", true);
                await pause(LONGEST);
                await renew(entry);
            }
        }
        isSending = false;
    };

    form.addEventListener("submit", (event) => {
        event.preventDefault();
        for (const file of input.files) {
            const data = new FormData();
            for (const name of ["csrfmiddlewaretoken", "target", "caption"]) data.append(name, form.elements[name].value);
            data.append("files", file);
            const row = document.createElement("li");
            const state = document.createElement("strong");
            row.append(`${file.name}: `, state);
            list.append(row);
            const entry = { data, state };
            show(entry, "Menunggu giliran");
            queue.push(entry);
        }
        list.hidden = false;
        input.value = "";
        run();
    });
    window.addEventListener("online", () => wake());
    window.addEventListener("focus", () => wake());
    window.addEventListener("beforeunload", (event) => {
        if (queue.length) event.preventDefault();
    });
})();
