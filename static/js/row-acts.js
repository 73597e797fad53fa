// A button of a mention's menu renews that mention alone. One listener for all of them: a list has hundreds.
document.addEventListener("click", (event) => {
  const button = event.target.closest(".mention .menu-panel button[form]");
  if (!button) return;
  event.preventDefault();
  window.htmx.ajax("POST", button.formAction, { source: button, target: button.closest(".mention"), swap: "outerHTML" });
});
