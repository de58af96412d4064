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

  const into = { s: ".review .select2-selection", n: ".review textarea[name=note]", c: ".review input[name=new_speaker]" };
  const note = document.querySelector(into.n);
  const named = document.querySelector(into.c);
  const chosen = document.getElementById("id_speaker");

  // Whether "Accept" leaves the quote with nobody as its speaker, it says.
  const nobody = document.querySelector("[data-nobody]");
  const tell = () => {
    if (nobody) nobody.hidden = Boolean(chosen.value || named?.value.trim());
  };
  window.django?.jQuery?.(chosen).on("change", tell);
  named?.addEventListener("input", tell);
  tell();

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && event.ctrlKey && event.target === note) document.querySelector("[data-tried]").click();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && typing(event.target)) {
      if (event.target === named) named.value = "";
      tell();
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
      if (place === named) {
        named.value ||= named.dataset.read ?? "";
        named.select();
        tell();
      }
      if (event.key === "s") django.jQuery("#id_speaker").select2("open");
    }
  });

  for (const button of document.querySelectorAll(".review-help")) {
    button.hidden = false;
    button.addEventListener("click", () => press(button));
  }

  // The quote stays ours while it is looked at; left alone, it is anybody's again after five minutes.
  const form = document.querySelector("[data-review]");
  if (form) setInterval(() => { if (!document.hidden) fetch(form.action, { redirect: "manual" }); }, 4 * 60 * 1000);

  // A key held down, or pressed twice, must not decide on the next quote as well.
  form?.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });
})();
