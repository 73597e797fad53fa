// On a phone the answer, the next steps and one chart come first; the rest unfolds. Without JavaScript all of it is open.
const phone = matchMedia("(max-width: 860px)");
const fold = () => document.querySelectorAll("details[data-fold-on-phone]").forEach((part) => { part.open = !phone.matches; });

phone.addEventListener("change", fold);
// Whoever prints wants the whole page.
addEventListener("beforeprint", () => document.querySelectorAll("details[data-fold-on-phone]").forEach((part) => { part.open = true; }));
fold();

// Of a row of tabs wider than the screen, the one that somebody is on stands in sight. Once the page is laid out anyhow.
requestAnimationFrame(() => setTimeout(() => {
  if (phone.matches) document.querySelectorAll(".views [aria-current]").forEach((link) => {
    const bar = link.closest(".views");  // sideways only: the bar may stand at the foot of the page
    bar.scrollLeft = link.offsetLeft - bar.offsetLeft - (bar.clientWidth - link.offsetWidth) / 2;
  });
}));
