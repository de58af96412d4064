// The review desk by keyboard: each control with data-key is pressed by that key. Everything works without this, too.
"use strict";

(() => {
  const typing = (element) => element.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");

  const press = (control) => {
    if (control.dataset.open) {
      document.getElementById(control.dataset.open).showModal();
    } else {
      control.click();
    }
  };

  const into = { s: ".review .select2-selection", n: ".review textarea[name=note]" };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && typing(event.target)) {
      event.target.blur();
      return;
    }
    if (typing(event.target) || event.target.closest(".select2-container--open, dialog[open]")) return;
    const control = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
    const place = into[event.key] && document.querySelector(into[event.key]);
    if (control || place) event.preventDefault();
    if (control) press(control);
    else if (place) {
      place.focus();
      if (event.key === "s") django.jQuery("#id_speaker").select2("open");
    }
  });

  for (const button of document.querySelectorAll(".review-help")) {
    button.hidden = false;
    button.addEventListener("click", () => press(button));
  }

  // A key held down, or pressed twice, must not decide on the next quote as well.
  document.querySelector("[data-review]")?.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });
})();
