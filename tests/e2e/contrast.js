/* Can every text be read? Axe decides, once for each look: a text of the same colors, size and surroundings
   as one that it has decided about needs no second verdict. That is most of what a page shows. */
async ({ seen, instances }) => {
  const known = new Set(seen);
  const looks = new Map();

  const digest = (text) => {
    let high = 0xdeadbeef;
    let low = 0x41c6ce57;
    for (let index = 0; index < text.length; index += 1) {
      high = Math.imul(high ^ text.charCodeAt(index), 2654435761);
      low = Math.imul(low ^ text.charCodeAt(index), 1597334677);
    }
    return (high & 0x1fffff) * 0x100000000 + (low >>> 0);
  };

  // An element's place, and whatever of it and of all around it has to do with contrast.
  const lookOf = (element) => {
    if (!element) return 0;
    if (!looks.has(element)) {
      const style = getComputedStyle(element);
      const own = [
        lookOf(element.parentElement), element.tagName, element.getAttribute("class"), element.getAttribute("type"),
        style.color, style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode,
        style.fontSize, style.fontWeight, style.textShadow, style.position, style.zIndex,
        element.matches(":disabled, [aria-disabled=true]"), Boolean(element.control?.disabled),
      ];
      looks.set(element, digest(own.join("|")));
    }
    return looks.get(element);
  };

  const hasText = (element) =>
    element.matches("input, select, textarea") ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });

  const counts = new Map();
  const include = [...document.body.querySelectorAll("*")].filter((element) => {
    if (!hasText(element) || !isSeen(element)) return false;
    const look = lookOf(element);
    counts.set(look, (counts.get(look) ?? 0) + 1);
    return !known.has(look) && counts.get(look) <= instances;
  });
  if (!include.length) return { faults: [], decided: [] };

  const options = { runOnly: ["color-contrast"], elementRef: true, preload: false };
  const { violations, passes } = await axe.run({ include }, options);
  const nodesOf = (results) => results.flatMap((result) => result.nodes);
  // What axe could not decide, it is asked about again wherever the look comes back.
  const decided = new Set(nodesOf([...violations, ...passes]).map((node) => lookOf(node.element)));
  const faults = nodesOf(violations).map((node) => `color-contrast: ${node.target.join(" ")}`);
  return { faults: faults.slice(0, 20), decided: [...decided] };
}
