/* One look at the page that is open, in one go: what it loads by itself is awaited, its tables of figures are opened,
   its width is measured, and axe examines it. Whether a text can be read, or a link be told from the text around it, is
   most of axe's work (it has to know what lies over what, everywhere), so it decides once for each look: a text of the
   same colors and size on the same ground as one that it has decided about needs no second verdict. Icons and the links
   of the navigation, the same on every page, are examined once, too. */
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
    sideways: scrollWidth - clientWidth,
    waits: performance.now() >= patience,
    faults: [],
    looks: [],
    undecided: [],
    parts: [],
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

  // What a text lies on: the colors around it up to the first that lets nothing through, and whatever blends or moves
  // what lies within. Something that is laid over the rest of a page is told from all others by its place.
  const PLAIN = { opacity: "1", filter: "none", mixBlendMode: "normal", transform: "none" };
  const grounds = new Map();
  const groundOf = (element) => {
    if (!element) return { under: "", veil: "", place: "" };
    if (!grounds.has(element)) {
      const around = groundOf(element.parentElement);
      const style = getComputedStyle(element);
      const image = style.backgroundImage;
      const color = style.backgroundColor;
      const isOpaque = image === "none" && color.startsWith("rgb(");
      const isClear = image === "none" && color === "rgba(0, 0, 0, 0)";
      const under = isOpaque ? color : isClear ? around.under : digest(`${around.under}|${color}|${image}`);
      const special = Object.entries(PLAIN).filter(([name, plain]) => style[name] !== plain);
      const veil = special.length
        ? digest([around.veil, around.under, ...special.map(([name]) => style[name])].join("|"))
        : around.veil;
      const isLaidOver =
        !["static", "relative"].includes(style.position) || style.zIndex !== "auto" || style.float !== "none" ||
        style.margin.includes("-") || style.position === "relative" && /[1-9]/u.test(style.inset);
      const place = isLaidOver || around.place
        ? digest([around.place, element.tagName, element.getAttribute("class"), isLaidOver].join("|"))
        : "";
      grounds.set(element, { under, veil, place });
    }
    return grounds.get(element);
  };
  const lookOf = (element) => {
    const style = getComputedStyle(element);
    const { under, veil, place } = groundOf(element);
    return digest([
      under, veil, place, element.getAttribute("type"), style.color, style.fontSize, style.fontWeight, style.textShadow,
      element.matches(":disabled, [aria-disabled=true]"), Boolean(element.control?.disabled),
    ].join("|"));
  };

  // A link has to differ from the text around it.
  const lookOfLink = (element) => {
    const around = element.parentElement && getComputedStyle(element.parentElement);
    const style = getComputedStyle(element);
    return digest([
      "link", lookOf(element), around?.color, around?.fontWeight, style.textDecorationLine, style.borderBottom,
      style.outline, style.fontStyle, around?.fontStyle,
    ].join("|"));
  };

  const hasText = (element) =>
    element.matches("input, select, textarea") ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });

  // Of each look that nobody has decided about, some are examined: axe cannot always decide about the first.
  const LOOKS = { "color-contrast": lookOf, "link-in-text-block": lookOfLink };
  const isNew = (look) => (element) => isSeen(element) && !known.has(look(element));
  const isAsked = contrast === "looks";
  const texts = isAsked ? [...document.body.querySelectorAll("*")].filter(hasText).filter(isNew(lookOf)) : [];
  const links = isAsked ? [...document.links].filter(isNew(lookOfLink)) : [];
  if (isAsked && !rules && !texts.length && !links.length) return found;
  for (const rule of isAsked ? axe._audit.rules.filter(({ id }) => id in LOOKS) : []) {
    rule.matchesByItself ??= rule.matches; // a page is looked at again by night
    const chosen = new Set([...texts, ...links]);
    const counts = new Map();
    rule.matches = (element, ...rest) => {
      const look = chosen.has(element) ? LOOKS[rule.id](element) : "";
      const count = counts.get(look) ?? 0;
      if (!look || known.has(look) || count >= instances || !rule.matchesByItself(element, ...rest)) return false;
      counts.set(look, count + 1);
      return true;
    };
  }

  // The first of each such part is examined, wherever it is; the others are not there meanwhile.
  const gaps = [];
  const holders = new Set();
  for (const text of texts) {
    for (let around = text; around && !holders.has(around); around = around.parentElement) holders.add(around);
  }
  for (const part of isAsked || rules ? document.querySelectorAll(SAME_EVERYWHERE) : []) {
    if (!rules) {
      if (!holders.has(part)) gaps.push([new Comment(), part]);
      continue;
    }
    const place = part.matches("svg") ? "" : [...Object.values(groundOf(part.parentElement)), isSeen(part)].join("|");
    const name = digest(`${place}|${part.outerHTML}`);
    if (knownParts.has(name) && !holders.has(part)) gaps.push([new Comment(), part]);
    knownParts.add(name);
    found.parts.push(name);
  }

  // So it is with rows that are built alike, have the same attributes, and texts where the others have some.
  const TOLD = /^(?:role|type|tabindex|scope|lang|dir|class|aria-(?!label|describedby|controls|owns))/u;
  const built = new Map();
  const buildOf = (node) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return node.nodeType === Node.TEXT_NODE && node.data.trim() ? "text" : "";
    if (!built.has(node)) {
      const attributes = [...node.attributes].map(({ name, value }) =>
        `${name}=${TOLD.test(name) ? value : Boolean(value.trim())}`);
      const within = node.matches("svg") ? [] : [...node.childNodes].map(buildOf).filter(Boolean);
      built.set(node, `<${node.tagName} ${attributes.join(" ")} ${isSeen(node)} ${digest(within.join(""))}>`);
    }
    return built.get(node);
  };
  const gone = new Set();
  for (const parent of isAsked ? document.querySelectorAll("main *") : []) {
    if (gone.has(parent) || gone.has(parent.parentElement)) {
      gone.add(parent);
      continue;
    }
    const counts = new Map();
    for (const row of parent.childElementCount > instances ? parent.children : []) {
      const build = buildOf(row);
      counts.set(build, (counts.get(build) ?? 0) + 1);
      if (counts.get(build) > instances && !holders.has(row)) {
        gone.add(row);
        gaps.push([new Comment(), row]);
      }
    }
  }
  gaps.forEach(([gap, part]) => { part.replaceWith(gap); });

  const nodes = (outcomes) => outcomes.map((outcome) => outcome.node);
  const note = ({ id, violations, passes, incomplete }) => {
    const shown = id === "color-contrast" ? 20 : 5;
    if (violations.length) {
      const named = nodes(violations).slice(0, shown).map((node) => [node.selector].flat().join(" "));
      found.faults.push(`${id}: ${named.join(" | ")}`);
    }
    if (id in LOOKS && isAsked) {
      const look = LOOKS[id];
      found.looks.push(...new Set(nodes([...violations, ...passes]).map((node) => look(node.element))));
      // What axe could not decide, it is asked about again where the look comes back.
      found.undecided.push(...new Set(nodes(incomplete).map((node) => look(node.element))));
    }
  };
  const options = {
    preload: false,
    // Axe's own reports would name every element that is in order.
    reporter: (results, _, done) => { results.forEach(note); done(found); },
    ...(rules ? {} : { runOnly: Object.keys(LOOKS) }),
    ...(contrast ? {} : { rules: Object.fromEntries(Object.keys(LOOKS).map((id) => [id, { enabled: false }])) }),
  };
  axe.configure({ noHtml: true });
  await axe.run(document, options);
  gaps.reverse().forEach(([gap, part]) => { gap.replaceWith(part); });
  return found;
}
