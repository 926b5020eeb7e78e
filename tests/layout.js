// What is wrong with how this page is laid out at this moment, in words; an empty list where nothing is.
() => {
  const problems = new Set();
  const name = (each) => `${each.tagName.toLowerCase()}.${each.className} “${(each.textContent || "").trim().slice(0, 40)}”`;
  const isShown = (each) => each.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  // What is for screen readers alone is clipped on purpose, and the skip link waits above the page.
  const isAside = (each) => each.closest(".sr, thead, .skip-link") !== null;

  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) problems.add("scrolls sideways");

  for (const each of document.body.querySelectorAll("*")) {
    if (!isShown(each) || isAside(each) || !each.textContent.trim()) continue;
    const style = getComputedStyle(each);
    const cuts = (way) => ["hidden", "clip"].includes(style.getPropertyValue(way));
    if (cuts("overflow-x") && each.scrollWidth > each.clientWidth + 1) problems.add(`cut off: ${name(each)}`);
    if (cuts("overflow-y") && each.scrollHeight > each.clientHeight + 1) problems.add(`cut off: ${name(each)}`);
  }

  const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((each) => isShown(each) && !isAside(each))
    .map((each) => ({ each, boxes: [...each.getClientRects()].filter((box) => box.width && box.height) }));
  // A wide table scrolls in its own frame.
  const isInFrame = (each) => each.closest(".table") !== null;
  targets.forEach(({ each, boxes }, number) => {
    for (const box of isInFrame(each) ? [] : boxes) {
      if (box.right < 0 || box.left > document.documentElement.clientWidth) problems.add(`out of sight: ${name(each)}`);
    }
    for (const other of targets.slice(number + 1)) {
      if (each.contains(other.each) || other.each.contains(each)) continue;
      const meet = boxes.some((a) =>
        other.boxes.some(
          (b) =>
            Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
            Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1,
        ),
      );
      if (meet) problems.add(`overlap: ${name(each)} and ${name(other.each)}`);
    }
  });
  return [...problems];
};
