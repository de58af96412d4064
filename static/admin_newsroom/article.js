// Keeps the label of the publishing button true while a date is typed. The server says the same without this, and
// refuses what the label did not promise.
"use strict";

(() => {
  const row = document.querySelector(".publish-row");
  const button = row?.querySelector("[data-dated]");
  const [day, time] = ["id_published_at_0", "id_published_at_1"].map((id) => document.getElementById(id));
  if (!button || !day || !time) return;

  const before = { label: button.textContent, value: button.value, day: day.value, time: time.value };
  const act = before.value.split(":")[0];
  const anyway = before.label.endsWith(" anyway") ? " anyway" : "";
  const live = act === "save" && !before.label.includes("to appear");
  const opened = Date.now();
  // Moments are on the desk's clock; the browser's zone plays no part, so they are handled as if they were UTC.
  const now = () => new Date(Date.parse(`${row.dataset.now}Z`) + Date.now() - opened);

  const typed = () => {
    const [, hours, minutes] = time.value.match(/^(\d{1,2}):(\d{2})/) ?? [null, "0", "00"];
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day.value)) return null;
    const moment = new Date(`${day.value}T${hours.padStart(2, "0")}:${minutes}:00Z`);
    return Number.isNaN(moment.valueOf()) ? null : moment;
  };

  const inWords = (moment) => {
    const part = (options) => moment.toLocaleString("en-GB", { timeZone: "UTC", ...options });
    const month = part({ month: "short" }).slice(0, 3);
    const year = moment.getUTCFullYear() === now().getUTCFullYear() ? "" : ` ${moment.getUTCFullYear()}`;
    const clock = part({ hour: "2-digit", minute: "2-digit", hour12: false });
    return `${part({ weekday: "short" })} ${moment.getUTCDate()} ${month}${year} ${clock} ${row.dataset.zone}`;
  };

  const say = () => {
    const moment = typed();
    const later = moment !== null && moment > now();
    let label = before.label;
    if (day.value === before.day && time.value === before.time) {
      button.value = before.value;
    } else {
      button.value = `${act}:${later ? moment.toISOString().slice(0, 16) : "now"}`;
      if (act === "publish") {
        label = later ? `Schedule for ${inWords(moment)}` : moment ? `Publish now, dated ${inWords(moment)}` : "Publish now";
        label += anyway;
      } else if (later) {
        label = live ? `Save, and take it off the site until ${inWords(moment)}` : `Save, to appear ${inWords(moment)}`;
      } else {
        label = live ? "Save changes to the live article" : "Save, and publish now";
      }
    }
    if (button.textContent !== label) button.textContent = label;
  };

  // The calendar and the clock beside the boxes set them without an event.
  for (const event of ["input", "change", "focusin", "click"]) document.addEventListener(event, say);
})();
