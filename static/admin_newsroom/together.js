// Says now and then that this form is still open, and shows who else has it open. The page says it once without this.
"use strict";

(() => {
  const note = document.querySelector("[data-presence]");
  if (!note) return;
  const EVERY = 60_000;

  const say = async (more) => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", note.closest("form").querySelector("[name=csrfmiddlewaretoken]").value);
    if (more) body.set(more, "yes");
    const answer = await fetch(note.dataset.presence, { method: "POST", body, keepalive: true });
    if (answer.redirected) return "You have been logged out. Save as usual: after the login what you typed is still here.";
    return answer.ok ? (await answer.json()).words : null;
  };

  const show = (words) => {
    if (words === null) return;
    note.textContent = words;
    note.hidden = !words;
  };

  let timer = setInterval(() => {
    if (document.visibilityState === "visible") say().then(show, () => {});
  }, EVERY);
  addEventListener("pagehide", () => {
    clearInterval(timer);
    timer = null;
    say("left").catch(() => {});
  });
})();
