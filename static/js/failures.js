// A fragment that cannot be loaded says so where people look, instead of nothing happening.
const box = document.getElementById("connection");
const tell = () => { box.hidden = false; };

document.addEventListener("htmx:sendError", tell);
document.addEventListener("htmx:timeout", tell);
document.addEventListener("htmx:responseError", tell);
document.addEventListener("htmx:afterOnLoad", () => { box.hidden = true; });
