// Colors come from the CSS tokens at draw time, so charts follow the theme. light-dark() has to be resolved by the
// browser through an element: getPropertyValue would return the raw text.
const NAMES = ["text", "text-2", "text-3", "line", "surface", "surface-2", "ink", "on-ink", "accent-soft", "accent-fill", "pos-fill",
  "neu-fill", "neg-fill"];

// One probe a color, all read together: the browser computes the page's styles once, not once a color.
export function readTokens() {
  const probe = document.createElement("i");
  probe.hidden = true;
  for (const name of NAMES) probe.appendChild(document.createElement("i")).style.color = `var(--${name})`;
  document.body.append(probe);
  const tokens = Object.fromEntries(NAMES.map((name, place) => [name, getComputedStyle(probe.children[place]).color]));
  probe.remove();
  return tokens;
}

export const transparent = (rgb, alpha) => rgb.replace(/^rgb\((.*)\)$/, `rgb($1 / ${alpha})`).replaceAll(",", "");
