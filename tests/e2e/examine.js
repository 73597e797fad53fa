/* One look at the page that is open, in one go: what it loads by itself is awaited, its tables of figures are opened,
   its width is measured, and axe examines it. Whether a text can be read is most of axe's work, so it decides once for
   each look: a text of the same colors, size and surroundings as one that it has decided about needs no second
   verdict. Icons and the links of the navigation, the same on every page, are examined once, too. */
async ({ rules, contrast, looks, instances, parts }) => {
  const known = new Set(looks.split(" "));
  const knownParts = new Set(parts.split(" "));
  const SAME_EVERYWHERE = "svg[aria-hidden=true], .side .nav > a, .tabbar > a, .tabbar .menu-panel > a";
  const frame = () => new Promise((done) => { requestAnimationFrame(() => done()); });
  const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

  // What lies far down is laid out only when it comes near; all of it is looked at here.
  const all = new CSSStyleSheet();
  all.replaceSync("* { content-visibility: visible !important; }");
  document.adoptedStyleSheets = [all];

  // Parts that come after the page belong to it. Charts take a new width in the frame after they are told of it.
  const patience = performance.now() + 20_000;
  while (document.querySelector(".htmx-request") && performance.now() < patience) await pause(20);
  await frame();
  await frame();
  await pause(0);
  document.querySelectorAll("details.datatable").forEach((table) => { table.open = true; });
  const { scrollWidth, clientWidth } = document.scrollingElement;
  const found = {
    sideways: scrollWidth - clientWidth, waits: performance.now() >= patience, faults: [], looks: [], parts: [],
  };
  if (!rules && !contrast) return found;

  const digests = new Map();
  const digest = (text) => {
    if (!digests.has(text)) {
      let high = 0xdeadbeef;
      let low = 0x41c6ce57;
      for (let index = 0; index < text.length; index += 1) {
        high = Math.imul(high ^ text.charCodeAt(index), 2654435761);
        low = Math.imul(low ^ text.charCodeAt(index), 1597334677);
      }
      digests.set(text, ((high & 0x1fffff) * 0x100000000 + (low >>> 0)).toString(36));
    }
    return digests.get(text);
  };

  // An element's place, and whatever of it and of all around it has to do with contrast.
  const lookOfElements = new Map();
  const lookOf = (element) => {
    if (!element) return "";
    if (!lookOfElements.has(element)) {
      const style = getComputedStyle(element);
      const own = [
        lookOf(element.parentElement), element.tagName, element.getAttribute("class"), element.getAttribute("type"),
        style.color, style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode,
        style.fontSize, style.fontWeight, style.textShadow, style.position, style.zIndex,
        element.matches(":disabled, [aria-disabled=true]"), Boolean(element.control?.disabled),
      ];
      lookOfElements.set(element, digest(own.join("|")));
    }
    return lookOfElements.get(element);
  };

  const hasText = (element) =>
    element.matches("input, select, textarea") ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });

  // Of each look that nobody has decided about, some are examined: axe cannot always decide about the first.
  const chosen = new Set();
  if (contrast === "looks") {
    const counts = new Map();
    for (const element of document.body.querySelectorAll("*")) {
      if (!hasText(element) || !isSeen(element)) continue;
      const look = lookOf(element);
      counts.set(look, (counts.get(look) ?? 0) + 1);
      if (!known.has(look) && counts.get(look) <= instances) chosen.add(element);
    }
    const rule = axe._audit.rules.find(({ id }) => id === "color-contrast");
    const matches = rule.matches;
    rule.matches = (element, ...rest) => chosen.has(element) && matches.call(rule, element, ...rest);
  }
  const decidesContrast = contrast === "texts" || chosen.size > 0;
  if (!rules && !decidesContrast) return found;

  // The first of each such part is examined, wherever it is.
  const exclude = [];
  const texts = [...chosen];
  for (const part of rules ? document.querySelectorAll(SAME_EVERYWHERE) : []) {
    const place = part.matches("svg") ? "" : [lookOf(part.parentElement), isSeen(part)].join("|");
    const name = digest(`${place}|${part.outerHTML}`);
    if (knownParts.has(name) && !texts.some((text) => part.contains(text))) exclude.push(part);
    knownParts.add(name);
    found.parts.push(name);
  }

  const nodes = (outcomes) => outcomes.map((outcome) => outcome.node);
  const note = ({ id, violations, passes }) => {
    const shown = id === "color-contrast" ? 20 : 5;
    if (violations.length) {
      const named = nodes(violations).slice(0, shown).map((node) => [node.selector].flat().join(" "));
      found.faults.push(`${id}: ${named.join(" | ")}`);
    }
    // What axe could not decide, it is asked about again wherever the look comes back.
    if (id === "color-contrast" && contrast === "looks")
      found.looks = [...new Set(nodes([...violations, ...passes]).map((node) => lookOf(node.element)))];
  };
  const options = {
    preload: false,
    // Axe's own reports would name every element that is in order.
    reporter: (results, _, done) => { results.forEach(note); done(found); },
    ...(rules ? { rules: { "color-contrast": { enabled: decidesContrast } } } : { runOnly: ["color-contrast"] }),
  };
  await axe.run({ include: [document], exclude }, options);
  return found;
}
