"use strict";

// Names for the boxes of Django's autocomplete, which it leaves without one for screen readers.

// Handed to jQuery after the autocomplete's own script, and so run after the boxes are made.
window.django?.jQuery?.(() => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const name = select.labels[0]?.textContent.replace(/:\s*$/, "").trim() || select.name;
    const box = select.nextElementSibling;
    for (const part of box?.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field") ?? []) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", name);
    }
    for (const part of box?.querySelectorAll("ul, ul > li") ?? []) part.setAttribute("role", "none");
  }
});

// What typed.js kept of a form goes once the form was saved, when its owner logs out, and after two weeks.
(() => {
  const KEPT = "newsroom:typed:";
  const FOR = 14 * 24 * 60 * 60 * 1000;
  const forget = (which) => {
    try {
      for (const key of Object.keys(localStorage).filter((one) => one.startsWith(KEPT) && which(one))) localStorage.removeItem(key);
    } catch { /* Nothing is kept where nothing may be. */ }
  };
  const saved = document.cookie.match(/(?:^|; )saved_form=([^;]+)/);
  if (saved) {
    const path = decodeURIComponent(saved[1]);
    forget((key) => key.endsWith(`:${path}`));
    document.cookie = "saved_form=; Max-Age=0; path=/; SameSite=Lax";
  }
  forget((key) => !(JSON.parse(localStorage.getItem(key))?.at > Date.now() - FOR));
  document.getElementById("logout-form")?.addEventListener("submit", () => forget(() => true));
})();

// What takes a while says so, and is not begun twice.
(() => {
  for (const form of document.querySelectorAll("form[data-busy]")) {
    const note = document.createElement("p");
    note.className = "busy";
    note.setAttribute("role", "status");
    form.append(note);
    form.addEventListener("submit", (event) => {
      if (note.textContent) event.preventDefault();
      note.textContent = form.dataset.busy;
    });
    addEventListener("pageshow", () => { note.textContent = ""; });
  }
})();
