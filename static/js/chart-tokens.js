// Colors come from the CSS tokens at draw time, so charts follow the theme. light-dark() has to be resolved by the
// browser through an element: getPropertyValue would return the raw text.
const NAMES = ["text", "text-2", "text-3", "line", "surface", "surface-2", "ink", "on-ink", "accent-soft", "accent-fill", "pos-fill",
  "neu-fill", "neg-fill"];

export function readTokens() {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.hidden = true;
  const color = (name) => { probe.style.color = `var(--${name})`; return getComputedStyle(probe).color; };
  const tokens = Object.fromEntries(NAMES.map((name) => [name, color(name)]));
  probe.remove();
  return tokens;
}

export const transparent = (rgb, alpha) => rgb.replace(/^rgb\((.*)\)$/, `rgb($1 / ${alpha})`).replaceAll(",", "");
