// Marks for the body of an article by button or key, and how long it is. It is plain Markdown without this, too.
"use strict";

(() => {
  const box = document.querySelector(".model-article textarea#id_body");
  if (!box) return;

  // The old command is the one way that leaves the browser's own undo whole.
  const put = (words, from, to) => {
    box.focus();
    box.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, words)) box.setRangeText(words, from, to, "end");
  };

  const around = (mark, empty) => () => {
    const { selectionStart: from, selectionEnd: to, value } = box;
    const words = value.slice(from, to);
    const [, lead, inner, tail] = words.match(/^(\s*)([\s\S]*?)(\s*)$/);
    if (inner.length > 2 * mark.length && inner.startsWith(mark) && inner.endsWith(mark)) {
      put(lead + inner.slice(mark.length, -mark.length) + tail, from, to);
      return;
    }
    const shown = inner || empty;
    put(`${lead}${mark}${shown}${mark}${tail}`, from, to);
    box.setSelectionRange(from + lead.length + mark.length, from + lead.length + mark.length + shown.length);
  };

  const link = () => {
    const { selectionStart: from, selectionEnd: to, value } = box;
    const words = value.slice(from, to) || "words";
    put(`[${words}](https://)`, from, to);
    const address = from + words.length + 3;
    box.setSelectionRange(address, address + "https://".length);
  };

  const lines = (mark) => () => {
    const { value } = box;
    const from = value.lastIndexOf("\n", box.selectionStart - 1) + 1;
    const next = value.indexOf("\n", Math.max(box.selectionEnd - 1, from));
    const to = next < 0 ? value.length : next;
    const chosen = value.slice(from, to).split("\n");
    const marked = chosen.every((line) => line.startsWith(mark) || !line.trim());
    put(chosen.map((line) => (marked ? line.replace(mark, "") : line.trim() || chosen.length === 1 ? mark + line : line)).join("\n"), from, to);
  };

  const TOOLS = [
    ["Strong", "b", around("**", "strong")],
    ["Emphasis", "i", around("*", "emphasis")],
    ["Link", "k", link],
    ["Subheading", "", lines("## ")],
    ["Quotation", "", lines("> ")],
    ["List", "", lines("- ")],
  ];

  const bar = document.createElement("div");
  bar.className = "markdown-tools";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Marks");
  for (const [label, key, press] of TOOLS) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    if (key) {
      button.title = `Ctrl+${key.toUpperCase()}`;
      button.setAttribute("aria-keyshortcuts", `Control+${key.toUpperCase()}`);
    }
    button.addEventListener("click", press);
    bar.append(button);
  }
  const length = document.createElement("span");
  bar.append(length);
  const frame = document.createElement("div");
  frame.className = "markdown-box";
  box.before(frame);
  frame.append(bar, box);

  box.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const tool = TOOLS.find(([, key]) => key && key === event.key.toLowerCase());
    if (!tool) return;
    event.preventDefault();
    tool[2]();
  });

  const count = () => {
    const words = box.value.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}’'.-]*/gu)?.length ?? 0;
    length.textContent = `${words.toLocaleString("en-GB")} word${words === 1 ? "" : "s"}`;
  };
  box.addEventListener("input", count);
  count();
})();
