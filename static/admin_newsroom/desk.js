// Names for the boxes of Django's autocomplete, which it leaves without one for screen readers.
"use strict";

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
