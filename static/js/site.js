// Upgrades of pages that work without it: a theme that is remembered, buttons that copy or share,
// proposals while somebody types in a search box.
"use strict";

(() => {
  const THEMES = ["auto", "light", "dark"];
  const KEY = "theme";
  const root = document.documentElement;

  const read = () => {
    try {
      const stored = localStorage.getItem(KEY);
      return THEMES.includes(stored) ? stored : "auto";
    } catch {
      return "auto"; // storage is switched off
    }
  };

  const write = (theme) => {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // it holds for this page only
    }
  };

  const apply = (theme) => {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };

  apply(read()); // before anything is painted

  const upgradeThemeToggle = (button) => {
    const show = (theme) => {
      button.textContent = `Theme: ${theme}`;
    };
    show(read());
    button.dataset.ready = "";
    button.addEventListener("click", () => {
      const theme = THEMES[(THEMES.indexOf(read()) + 1) % THEMES.length];
      write(theme);
      apply(theme);
      show(theme);
    });
  };

  const upgradeCopyButton = (button) => {
    const source = document.getElementById(button.dataset.copy);
    button.hidden = !source || !navigator.clipboard;
    if (button.hidden) return;
    const label = button.textContent;
    const heard = document.createElement("span"); // there before it changes, else nothing reads it out
    heard.className = "visually-hidden";
    heard.setAttribute("role", "status");
    button.after(heard);
    button.dataset.ready = "";
    const say = (words) => {
      button.textContent = words || label;
      heard.textContent = words;
    };
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(source.textContent.replace(/\s+/g, " ").trim());
        say("Copied");
      } catch {
        say("Could not copy: select the text instead");
      }
      setTimeout(() => say(""), 3000);
    });
  };

  const upgradeSearchBox = (input) => {
    const list = document.createElement("datalist");
    list.id = `${input.id}-proposals`;
    input.after(list);
    input.setAttribute("list", list.id);
    input.autocomplete = "on"; // else some browsers show no proposals
    const propose = async () => {
      const typed = input.value;
      try {
        const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`);
        const proposals = answer.ok ? await answer.json() : [];
        if (typed === input.value) list.replaceChildren(...proposals.map((text) => new Option(text, text)));
      } catch {
        // no proposals, then
      }
    };
    let waiting;
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      if (input.value.trim().length > 1) waiting = setTimeout(propose, 150);
    });
  };

  const upgradeShareButton = (button) => {
    const link = document.querySelector("link[rel=canonical]");
    if (!link || !navigator.share) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      navigator.share({ title: document.title, url: link.href }).catch(() => {}); // the reader thought better of it
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-theme-toggle]").forEach(upgradeThemeToggle);
    document.querySelectorAll("[data-copy]").forEach(upgradeCopyButton);
    document.querySelectorAll("[data-suggest]").forEach(upgradeSearchBox);
    document.querySelectorAll("[data-share]").forEach(upgradeShareButton);
  });
})();
