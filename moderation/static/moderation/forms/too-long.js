// Stops a form that the server would not take, before the browser leaves the page with what was typed.
// Without this script the server answers the same in words.
(() => {
  // Below DATA_UPLOAD_MAX_MEMORY_SIZE (2.5 MB), with room for the borders between the parts of a form.
  const MAX_BYTES = 2400000;
  const TEXT =
    "Isian ini terlalu panjang, sehingga belum dikirim. Persingkat teks yang paling panjang, lalu kirim kembali.";

  const measure = (form) => {
    const texts = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    return form.enctype === "multipart/form-data"
      ? new Blob(texts.flat()).size + texts.length * 150
      : new URLSearchParams(texts).toString().length;
  };

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (form.method !== "post" || measure(form) <= MAX_BYTES) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      window.alert(TEXT);
    },
    true,
  );
})();
