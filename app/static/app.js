// Enhancement of the workspace only: every act also works without this file. No request is made from here.
(() => {
  "use strict";

  // A second press on the same form does nothing until the page has changed (the server's nonce holds in any case).
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    else form.dataset.sent = "1";
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // "+7 days", "+30 days" beside a date, counted from the date that stands there or from today; the end of the quarter.
  const endOfQuarter = (day) => new Date(Date.UTC(day.getUTCFullYear(), Math.floor(day.getUTCMonth() / 3) * 3 + 3, 0));
  document.querySelectorAll("[data-quick]").forEach((group) => {
    const field = document.getElementById(group.dataset.quick);
    if (!field) return;
    group.hidden = false;
    group.addEventListener("click", (event) => {
      const days = event.target.dataset.days;
      if (!days) return;
      const day = field.valueAsDate || new Date(new Date().toDateString() + " UTC");
      field.valueAsDate = days === "quarter" ? endOfQuarter(day) : new Date(day.getTime() + Number(days) * 86400000);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });

  // One box that ticks all the boxes of its name: <input type="checkbox" data-all="ref">.
  document.querySelectorAll("[data-all]").forEach((all) => {
    const boxes = () => [...document.querySelectorAll(`input[type=checkbox][name="${all.dataset.all}"]`)];
    all.hidden = false;
    all.addEventListener("change", () => boxes().forEach((box) => { box.checked = all.checked; }));
  });

  // What would be lost by leaving is asked about, once something was typed: <form data-keep>.
  let typed = false;
  document.querySelectorAll("form[data-keep]").forEach((form) => {
    form.addEventListener("input", () => { typed = true; });
    form.addEventListener("submit", () => { typed = false; });
  });
  addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

  // Printing by a button: <button type="button" data-print hidden>.
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });

  // "/" leads to the field of the search: <input data-key="/">, unless somebody is typing.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const field = document.querySelector("[data-key='/']");
    if (!field) return;
    event.preventDefault();
    field.focus();
  });
})();
