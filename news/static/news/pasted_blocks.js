/* What is copied from Word, Excel or a web page into a paragraph keeps its parts: a table becomes a block "Tabel", a
   heading a block "Subjudul", and the text between them paragraphs, all in the order in which they were written.
   Ctrl+Z, pressed before anything else is typed, takes the whole paste back. Pasted into the field of a block "Tabel",
   a table becomes lines with "|" between the cells.
   A raised or lowered figure stays one as a character, because texts carry no such markup: m², CO₂. */
(() => {
  const STREAM_CHILD = "[data-streamfield-child]";
  const HEADING = "h1, h2, h3, h4, h5, h6";
  const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻";
  const LOWERED = "₀₁₂₃₄₅₆₇₈₉₊₋";
  const streams = new Set();
  /* What Ctrl+Z takes back; null once something else was typed or pasted. */
  let lastPaste = null;

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

  function readLine(element) {
    // Words of two paragraphs or lines are two words.
    for (const part of element.querySelectorAll("br, p, div, li, td, th")) part.after(" ");
    return element.textContent.replace(/\s+/g, " ").trim();
  }

  function readTable(table) {
    const rows = [...table.rows].map((row) =>
      [...row.cells].flatMap((cell) => [
        readLine(cell).replaceAll("|", "¦"),
        ...Array(Math.min(cell.colSpan, 12) - 1).fill(""),
      ]),
    );
    return rows.map((cells) => cells.join(" | ").trim()).filter((line) => /[^|\s]/.test(line)).join("\n");
  }

  function parse(data) {
    const page = new DOMParser().parseFromString(data.getData("text/html"), "text/html");
    const isTurned = keepHeights(page.body);
    const isOutside = (element) => !element.parentElement.closest("table");
    const tables = [...page.querySelectorAll("table")].filter(isOutside);
    const headings = [...page.querySelectorAll(HEADING)].filter((part) => isOutside(part) && part.textContent.trim());
    return { page, tables, headings, isTurned };
  }

  function pasteIntoField(event, field) {
    const { tables } = parse(event.clipboardData);
    const copied = event.clipboardData.getData("text/plain");
    if (!tables.length && !copied.includes("\t")) return;
    event.preventDefault();
    const lines = tables.length ? tables.map(readTable).join("\n") : copied.trim().replaceAll("|", "¦").replace(/ ?\t ?/g, " | ");
    field.setRangeText(lines, field.selectionStart, field.selectionEnd, "end");
    tellWagtail(field);
  }

  /* Wagtail saves by itself what it hears of. */
  function tellWagtail(field) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* Return the paragraph of an editor and its stream, null where the stream takes none of the blocks. */
  function findPlace(editor) {
    const element = editor.closest(STREAM_CHILD);
    for (const stream of streams) {
      const child = stream.children.find((other) => other.element === element);
      const { table, heading } = stream.blockDef.childBlockDefsByName;
      if (child?.type === "paragraph" && table && heading) return { stream, child };
    }
    return null;
  }

  /* Return the value of the block for each table and heading, in their order. The highest heading of what is pasted
     is a Subjudul, every lower one an Anak subjudul, because the title of the page is the only level 1. */
  function readParts(tables, headings) {
    const highest = headings.map((heading) => heading.tagName).sort()[0];
    const isBefore = (one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
    return [...tables, ...headings].sort(isBefore).map((element) => {
      if (!tables.includes(element)) {
        const level = element.tagName === highest ? "h2" : "h3";
        return { element, type: "heading", value: { level, text: readLine(element) } };
      }
      const caption = element.caption ? readLine(element.caption) : "";
      element.caption?.remove();
      return { element, type: "table", value: { caption, rows: readTable(element), header: "row" } };
    });
  }

  function pasteIntoParagraph(event, editor) {
    const { page, tables, headings, isTurned } = parse(event.clipboardData);
    const place = tables.length || headings.length ? findPlace(editor) : null;
    if (!place && !isTurned) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!place) {
      paste(editor, page.body);
      return;
    }
    const before = place.child.block.getState();
    const end = { element: page.body.appendChild(document.createElement("p")) };
    const parts = [...readParts(tables, headings), end];
    for (const part of parts) {
      // The editor turns the whole into a text, where the marks say at which places the blocks stand, and where the
      // words behind the caret go on.
      part.mark = `\uE000${crypto.randomUUID()}\uE000`;
      const mark = document.createElement("p");
      mark.textContent = part.mark;
      part.element.replaceWith(mark);
    }
    paste(editor, page.body);
    lastPaste = { ...place, before, ...spread(place, before, parts) };
  }

  function paste(editor, body) {
    const data = new DataTransfer();
    data.setData("text/html", body.innerHTML);
    data.setData("text/plain", body.innerText);
    editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }

  /* Return the blocks of text before and after a mark, without the empty line that the mark leaves. */
  function cut(content, mark) {
    const { Modifier, SelectionState } = window.DraftJS;
    const key = content.getBlocksAsArray().find((block) => block.getText().includes(mark)).getKey();
    const start = content.getBlockForKey(key).getText().indexOf(mark);
    const marked = SelectionState.createEmpty(key).merge({ anchorOffset: start, focusOffset: start + mark.length });
    const rest = Modifier.removeRange(content, marked, "forward");
    const blocks = Modifier.splitBlock(rest, marked.merge({ focusOffset: start })).getBlocksAsArray();
    const index = blocks.findIndex((block) => block.getKey() === key) + 1;
    return [blocks.slice(0, index), blocks.slice(index)].map((side) => {
      const isText = side.map((block) => Boolean(block.getText().trim()));
      return isText.includes(true) ? side.slice(isText.indexOf(true), isText.lastIndexOf(true) + 1) : [];
    });
  }

  /* Put the parts and the texts between them into the stream; the first text stays in the paragraph pasted into. */
  function spread({ stream, child }, before, parts) {
    const { ContentState, EditorState } = window.DraftJS;
    const added = [];
    const insert = (type, value, index) => {
      const block = stream.insert({ type, value, id: crypto.randomUUID() }, index);
      added.push(block);
      return block;
    };
    let isKept = false;
    let index = child.index;
    const place = (blocks) => {
      if (!blocks.length) return;
      const content = ContentState.createFromBlockArray(blocks);
      if (isKept) {
        const state = EditorState.createWithContent(content, before.getDecorator());
        moveComments(child, insert("paragraph", state, index++), blocks);
      } else {
        child.block.setState(EditorState.push(before, content, "remove-range"));
        isKept = true;
        index += 1;
      }
    };
    let content = child.block.getState().getCurrentContent();
    for (const { mark, type, value } of parts) {
      const [first, rest] = cut(content, mark);
      place(first);
      if (type) insert(type, value, index++);
      content = ContentState.createFromBlockArray(rest.length ? rest : ContentState.createFromText("").getBlocksAsArray());
    }
    place(content.hasText() ? content.getBlocksAsArray() : []);
    if (!isKept) stream.deleteBlock(child.index);
    added.forEach((block) => block.element.querySelectorAll("input, textarea").forEach(tellWagtail));
    // A table lacks its title; else the writing goes on behind what was pasted.
    (added.find((block) => block.type === "table") || added.at(-1)).focus();
    return { added, isKept };
  }

  /* Let the remarks on words that moved into another paragraph move with them; all of them without `blocks`. */
  function moveComments(from, to, blocks) {
    const commentApp = window.comments?.commentApp;
    const [source, target] = [from.getContentPath(), to.getContentPath()];
    if (!commentApp || !source || !target) return;
    const select = commentApp.utils.selectCommentsForContentPathFactory(source);
    for (const { localId } of select(commentApp.store.getState())) {
      const isOn = (block) => block.getCharacterList().some((letter) => letter.hasStyle(`COMMENT-${localId}`));
      if (!blocks || blocks.some(isOn)) commentApp.updateContentPath(localId, target);
    }
  }

  function takeBack({ stream, child, before, added, isKept }) {
    let target = child;
    if (isKept) {
      child.block.setState(before);
    } else {
      const { index } = stream.children.find((block) => added.includes(block)) || { index: 0 };
      target = stream.insert({ type: "paragraph", value: before, id: crypto.randomUUID() }, index);
    }
    for (const block of added.filter((other) => stream.children.includes(other))) {
      if (block.type === "paragraph") moveComments(block, target);
      stream.deleteBlock(block.index);
    }
    target.focus();
    target.element.querySelectorAll("input").forEach(tellWagtail);
  }

  document.addEventListener(
    "paste",
    (event) => {
      lastPaste = null;
      if (!event.clipboardData || !(event.target instanceof Element)) return;
      const field = event.target.closest(".block-table textarea, [data-contentpath='rows'] textarea");
      const editor = event.target.closest(".public-DraftEditor-content");
      if (field) pasteIntoField(event, field);
      else if (editor) pasteIntoParagraph(event, editor);
    },
    true,
  );

  document.addEventListener("beforeinput", () => (lastPaste = null), true);
  document.addEventListener(
    "keydown",
    (event) => {
      const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
      if (!isUndo || !lastPaste?.stream.element.contains(event.target)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      takeBack(lastPaste);
      lastPaste = null;
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
