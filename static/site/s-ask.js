// SMEdash: one question after an order, in a small box that nobody has to answer. Comes only when it is needed.
(() => {
  "use strict";
  const { ask, channels, more, other, close, thanks, answer } = window.smedash.question;
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  // Neither a style element nor a style attribute: the page's security policy may refuse both.
  const look = new CSSStyleSheet();
  look.replaceSync(`
    :host { all: initial; }
    section { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483000; box-sizing: border-box; width: 22rem;
      max-width: calc(100vw - 2rem); max-height: calc(100vh - 2rem); overflow: auto; padding: 1rem; border-radius: 12px;
      font: 16px/1.4 system-ui, sans-serif; color: #1c1d1f; background: #fff; border: 1px solid #767a80;
      box-shadow: 0 6px 28px rgb(0 0 0 / 0.22); }
    h2 { margin: 0 2.75rem 0.75rem 0; font-size: 1.0625rem; }
    div { display: flex; flex-wrap: wrap; gap: 0.5rem; }
    div[hidden] { display: none; }
    div + div { margin-top: 0.5rem; }
    p { margin: 0; }
    button { font: inherit; color: inherit; background: #f1f2f3; border: 1px solid #767a80; border-radius: 8px;
      min-height: 44px; padding: 0.25rem 0.75rem; cursor: pointer; }
    button:hover { background: #e2e4e6; }
    button:focus-visible { outline: 3px solid #1257d6; outline-offset: 2px; }
    .close { position: absolute; top: 0.5rem; right: 0.5rem; min-width: 44px; padding: 0; border: 0; background: none;
      font-size: 1.375rem; }
    @media (prefers-color-scheme: dark) {
      section { color: #eceef0; background: #1f2124; border-color: #8b9097; }
      button { background: #2e3135; border-color: #8b9097; }
      button:hover { background: #3c4046; }
      button:focus-visible { outline-color: #8ab4ff; }
    }`);
  root.adoptedStyleSheets = [look];

  const make = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const box = make("section", "", { role: "dialog", "aria-labelledby": "ask" });
  const leave = () => host.remove();
  const choose = (channel) => {
    answer(channel);
    box.replaceChildren(make("p", thanks, { role: "status", tabindex: "-1" }));
    box.removeAttribute("aria-labelledby");
    box.setAttribute("aria-label", thanks);
    box.firstChild.focus();
    setTimeout(leave, 4000);
  };
  const row = (choices) => {
    const made = make("div", "");
    for (const [channel, label] of choices) {
      const button = make("button", label, { type: "button" });
      button.addEventListener("click", () => choose(channel));
      made.append(button);
    }
    return made;
  };

  const first = row(channels);
  const others = row(more);
  others.hidden = true;
  const unfold = make("button", other, { type: "button", "aria-expanded": "false" });
  unfold.addEventListener("click", () => {
    others.hidden = false;
    unfold.remove();
    others.firstChild.focus();
  });
  first.append(unfold);
  const ignore = make("button", "×", { type: "button", class: "close", "aria-label": close });
  ignore.addEventListener("click", leave);
  box.addEventListener("keydown", (event) => event.key === "Escape" && leave());
  // Said aloud when it appears, and reached by Tab; what the customer is doing is not interrupted.
  const news = make("h2", "", { id: "ask", "aria-live": "polite" });
  box.append(news, first, others, ignore);
  root.append(box);
  document.body.append(host);
  setTimeout(() => (news.textContent = ask), 100);
})();
