// Shows of the disposition sheet the block of the chosen origin alone, and says what is missing before it is sent.
// The sentences are the server's (DispositionForm.checks). Without this script all blocks stand, and the server answers.
(() => {
  const form = document.querySelector("[data-checked]");
  if (!form) return;
  const checks = JSON.parse(document.getElementById("sheet-checks").textContent);

  const read = (name) => {
    const fields = [...form.querySelectorAll(`[name="${name}"]`)];
    const field = fields[0]?.type === "radio" ? fields.find(({ checked }) => checked) : fields[0];
    return field?.value.trim() ?? "";
  };

  const showBlock = () => {
    const origin = read("origin");
    for (const [of, code] of Object.entries(checks.blocks)) {
      const block = form.querySelector(`[data-block="${code}"]`);
      block.hidden = of !== origin;
      // What is not seen is not sent; the fields keep what was typed until the person comes back to them.
      block.disabled = block.hidden;
    }
  };

  const findFileProblem = ({ name, size }) => {
    const extension = name.includes(".") ? name.split(".").pop().toLowerCase() : "";
    const { files } = checks;
    if (!files.extensions.includes(extension)) return files.unknown_kind.replace("{name}", name);
    if ([...name].length > files.name_length) {
      return files.long_name.replace("{name}", [...name].slice(0, files.shown_of_name).join(""));
    }
    if (size > files.bytes) return files.too_large.replace("{name}", name);
    return size ? "" : files.empty.replace("{name}", name);
  };

  const findProblems = () => {
    const problems = {};
    const origin = read("origin");
    const wanted = { ...checks.always, ...checks.wanted[origin] };
    for (const [name, sentence] of Object.entries(wanted)) if (!read(name)) problems[name] = sentence;
    if (read("priority") === checks.secret.value) problems.priority = checks.secret.sentence;
    for (const name of checks.past.names) {
      const isSent = !form.querySelector(`[name="${name}"]`).matches(":disabled");
      if (isSent && read(name) > checks.past.today) problems[name] = checks.past.sentence;
    }
    const chosen = [...form.querySelector('[name="files"]').files];
    const dropped = form.querySelectorAll('[name="dropped"]:checked').length;
    const count = chosen.length + form.querySelectorAll('[name="kept"]').length - dropped;
    if (!count && !checks.has_material && !read("source_note")) problems.source_note = checks.material;
    const refused = chosen.map(findFileProblem).filter(Boolean);
    if (count > checks.files.most) problems.files = checks.files.too_many;
    else if (refused.length) problems.files = refused.join(" ");
    return problems;
  };

  const say = (field, sentence) => {
    const wrapper = field.closest("[data-field]");
    const errors = wrapper.querySelector("[data-field-errors]");
    wrapper.classList.toggle("w-field--error", Boolean(sentence));
    errors.replaceChildren();
    if (!sentence) return;
    const words = document.createElement("p");
    words.className = "error-message";
    words.textContent = sentence;
    errors.append(words);
  };

  form.addEventListener("change", ({ target }) => {
    if (target.name === "origin") showBlock();
  });

  form.addEventListener("submit", (event) => {
    const problems = findProblems();
    for (const wrapper of form.querySelectorAll(".w-field--error [data-field-input] [name]")) say(wrapper, "");
    const names = Object.keys(problems);
    for (const name of names) say(form.querySelector(`[name="${name}"]`), problems[name]);
    if (!names.length) return;
    event.preventDefault();
    const first = [...form.elements].find(({ name }) => names.includes(name));
    first.focus();
    first.closest("[data-field]").scrollIntoView({ block: "center" });
  });

  showBlock();
})();
