import "./theme.js";
import "./menus.js";
import "./forms.js";
import "./failures.js";
import "./folding.js";
import "./polling.js";

const bar = document.querySelector(".topbar");
if (bar) {
  const mark = () => bar.classList.toggle("scrolled", scrollY > 4);
  addEventListener("scroll", mark, { passive: true });
  mark();
}
