/* A table that is copied from Word, Excel or a web page becomes a block "Tabel": pasted into its field, it becomes
   lines with "|" between the cells; pasted into a paragraph, it becomes a block of its own after that paragraph.
   A raised or lowered figure stays one as a character, because texts carry no such markup: m², CO₂. */
(() => {
  const STREAM_CHILD = "[data-streamfield-child]";
  const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻";
  const LOWERED = "₀₁₂₃₄₅₆₇₈₉₊₋";
  const streams = new Set();

  /* Write figures in <sup> and <sub>, or raised by a style, as characters; return whether there were any. */
  function keepHeights(body) {
    let found = false;
    for (const part of body.querySelectorAll("sup, sub, span[style*='vertical-align']")) {
      const align = part.style.verticalAlign;
      const figures = { SUP: RAISED, SUB: LOWERED }[part.tagName] || { super: RAISED, sub: LOWERED }[align];
      const text = part.textContent.trim();
      if (!figures || !/^[0-9+\-−]+$/.test(text)) continue;
      part.replaceWith([...text].map((figure) => figures["0123456789+-".indexOf(figure.replace("−", "-"))]).join(""));
      found = true;
    }
    return found;
  }

  function readCell(cell) {
    // Words of two paragraphs or lines are two words.
    for (const part of cell.querySelectorAll("br, p, div, li")) part.after(" ");
    return cell.textContent.replaceAll("|", "¦").replace(/\s+/g, " ").trim();
  }

  function readTable(table) {
    const rows = [...table.rows].map((row) =>
      [...row.cells].flatMap((cell) => [readCell(cell), ...Array(Math.min(cell.colSpan, 12) - 1).fill("")]),
    );
    return rows.map((cells) => cells.join(" | ").trim()).filter((line) => /[^|\s]/.test(line)).join("\n");
  }

  function parse(data) {
    const page = new DOMParser().parseFromString(data.getData("text/html"), "text/html");
    const isTurned = keepHeights(page.body);
    const tables = [...page.querySelectorAll("table")].filter((table) => !table.parentElement.closest("table"));
    return { page, tables, isTurned };
  }

  function pasteIntoField(event, field) {
    const { tables } = parse(event.clipboardData);
    const copied = event.clipboardData.getData("text/plain");
    if (!tables.length && !copied.includes("\t")) return;
    event.preventDefault();
    const lines = tables.length ? tables.map(readTable).join("\n") : copied.trim().replaceAll("|", "¦").replace(/ ?\t ?/g, " | ");
    field.setRangeText(lines, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function findPlace(editor) {
    const element = editor.closest(STREAM_CHILD);
    for (const stream of streams) {
      const index = stream.children.findIndex((child) => child.element === element);
      if (index !== -1 && stream.blockDef.childBlockDefsByName.table) return { stream, index };
    }
    return null;
  }

  function pasteIntoParagraph(event, editor) {
    const { page, tables, isTurned } = parse(event.clipboardData);
    const place = tables.length ? findPlace(editor) : null;
    if (!place && !isTurned) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    (place ? tables : []).forEach((table, number) => {
      const caption = table.caption ? table.caption.textContent.replace(/\s+/g, " ").trim() : "";
      if (table.caption) table.caption.remove();
      const value = { caption, rows: readTable(table), header: "row" };
      const id = crypto.randomUUID();
      place.stream.insert({ type: "table", value, id }, place.index + 1 + number, { animate: true, focus: number === 0 });
      table.remove();
      // Wagtail saves by itself what it hears of.
      const [field] = place.stream.children[place.index + 1 + number].element.querySelectorAll("textarea");
      field?.dispatchEvent(new Event("change", { bubbles: true }));
    });
    if (!page.body.textContent.trim()) return;
    const rest = new DataTransfer();
    rest.setData("text/html", page.body.innerHTML);
    rest.setData("text/plain", page.body.innerText);
    editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData: rest, bubbles: true, cancelable: true }));
  }

  document.addEventListener(
    "paste",
    (event) => {
      if (!event.clipboardData || !(event.target instanceof Element)) return;
      const field = event.target.closest(".block-table textarea, [data-contentpath='rows'] textarea");
      const editor = event.target.closest(".public-DraftEditor-content");
      if (field) pasteIntoField(event, field);
      else if (editor) pasteIntoParagraph(event, editor);
    },
    true,
  );

  const definitions = window.wagtailStreamField && window.wagtailStreamField.blocks;
  if (!definitions) return;
  const render = definitions.StreamBlockDefinition.prototype.render;
  definitions.StreamBlockDefinition.prototype.render = function renderAndRemember(...arguments_) {
    const stream = render.apply(this, arguments_);
    streams.add(stream);
    return stream;
  };
})();
