// Looks after what is typed in a form: Ctrl+S saves it, leaving asks first, and this browser keeps what was not saved,
// should the tab or the machine go down. What was kept is offered, never put in unasked; desk.js forgets what was saved.
"use strict";

(() => {
  const token = document.querySelector("body.change-form input[name=_form]");
  const form = token?.form;
  if (!form) return;
  const KEY = `newsroom:typed:${token.dataset.user}:${location.pathname}`;
  const OURS = /^(csrfmiddlewaretoken|_.*|opened_.*|initial-.*)$/;
  const boxes = () => [...form.querySelectorAll("textarea, input[type=text], input[type=url]")].filter(
    (box) => box.name && !box.readOnly && !OURS.test(box.name) && !box.name.includes("__prefix__"),
  );
  const all = () => JSON.stringify([...new FormData(form)].filter(([name, value]) => !OURS.test(name) && typeof value === "string"));

  // Scripts of the page fill in fields of their own; what a person changes comes after the first touch.
  const unsaved = form.querySelector(".errornote, .note-held");
  const stored = new Map(boxes().map((box) => [box.name, box.defaultValue]));
  let before = null;
  let leaving = false;
  for (const touch of ["focusin", "pointerdown", "keydown", "drop"]) {
    addEventListener(touch, () => { before ??= all(); }, { capture: true });
  }
  const changed = () => unsaved !== null || (before !== null && before !== all());

  addEventListener("beforeunload", (event) => {
    if (changed() && !leaving) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    leaving = !event.submitter?.formTarget;
  });
  addEventListener("pageshow", () => { leaving = false; });
  // Whoever drops what was typed has been asked.
  form.querySelector(".note-held a")?.addEventListener("click", () => {
    leaving = true;
    localStorage.removeItem(KEY);
  });

  // keeping

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY));
    } catch {
      return null;
    }
  };

  // Of a form that comes back with a fault, what was typed before stands in it as if it were stored.
  const earlier = (unsaved && read()?.fields) || {};
  const keep = () => {
    const typed = Object.fromEntries(boxes().filter((box) => box.value !== stored.get(box.name)).map((box) => [box.name, box.value]));
    const fields = { ...earlier, ...typed };
    try {
      if (Object.keys(fields).length) localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), fields }));
      else localStorage.removeItem(KEY);
    } catch { /* The browser keeps nothing: then there is nothing to offer. */ }
  };
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 800);
  });

  const offer = (kept) => {
    const wanted = boxes().filter((box) => box.name in kept.fields && kept.fields[box.name] !== box.value);
    if (!wanted.length) return;
    const named = wanted.map((box) => box.labels?.[0]?.textContent.replace(/:\s*$/, "").trim() || box.getAttribute("aria-label") || box.name);
    const note = document.createElement("div");
    const words = document.createElement("p");
    const when = new Date(kept.at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    note.className = "note-row note-typed";
    note.setAttribute("role", "status");
    words.textContent = `This browser kept what you typed on ${when} and did not save: ${[...new Set(named)].join(", ")}.`;
    const button = (label, press) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "button";
      made.textContent = label;
      made.addEventListener("click", () => {
        press();
        note.remove();
      });
      return made;
    };
    const back = button("Put it back", () => {
      for (const box of wanted) {
        box.value = kept.fields[box.name];
        box.dispatchEvent(new Event("input", { bubbles: true }));
      }
      wanted[0].focus();
    });
    note.append(words, back, button("Forget it", () => localStorage.removeItem(KEY)));
    form.prepend(note);
  };

  const kept = read();
  if (kept && unsaved === null) offer(kept);

  // saving by key

  const saving = form.querySelector("[name=_act][value^=save]") ?? form.querySelector("[name=_continue]") ?? form.querySelector("[name=_save]");
  if (!saving) return;
  saving.setAttribute("aria-keyshortcuts", "Control+S");
  saving.title = "Ctrl+S";
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    // What would make it public, or take it off the site, wants to be pressed on purpose.
    if (/publish|take it off/i.test(saving.textContent)) saving.focus();
    else saving.click();
  });
})();
