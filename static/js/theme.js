// The server writes data-theme from this cookie, so a page never flashes in the wrong theme.
const root = document.documentElement;
const prefersDark = matchMedia("(prefers-color-scheme: dark)");

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches);

function announce() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.setAttribute("aria-label", isDark() ? button.dataset.toLight : button.dataset.toDark);
    button.querySelector("[data-icon=light]").toggleAttribute("hidden", !isDark());
    button.querySelector("[data-icon=dark]").toggleAttribute("hidden", isDark());
  }
  document.dispatchEvent(new Event("themechange"));
}

function toggle() {
  root.dataset.theme = isDark() ? "light" : "dark";
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax${secure}`;
  announce();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) toggle();
});
prefersDark.addEventListener("change", announce);
announce();
