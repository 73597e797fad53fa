import "./theme.js";
import "./menus.js";
import "./forms.js";
import "./failures.js";
import "./folding.js";
import "./polling.js";
import "./row-acts.js";
import "./typed-again.js";

const bar = document.querySelector(".topbar");
if (bar) {
  const mark = () => bar.classList.toggle("scrolled", scrollY > 4);
  addEventListener("scroll", mark, { passive: true });
  // After the first frame, when the page is laid out anyhow: asked now, it would be laid out twice.
  requestAnimationFrame(() => setTimeout(mark));
}
