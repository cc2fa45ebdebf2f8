// Keys and selection for the review of a report. Every act is a plain form or link of the page; this only reaches for them.
(() => {
  "use strict";
  const KEPT = "tatbiq-keys";
  const one = (selector) => document.querySelector(selector);
  const row = (selector) => one(`.proposal.is-open ${selector}`);
  const box = one("#single-keys");
  const help = one("#keys");
  const text = one("#report-text");
  const bar = one("#chosen");

  // Where the keys lead: to the element that does the same without them.
  const FIELDS = { KeyE: "[name^='titles.']", KeyO: "[name=owner_post_id]", KeyD: "[name=due_on]" };

  if (help) help.hidden = false;
  document.documentElement.classList.add("has-keys");
  if (box) {
    box.checked = localStorage.getItem(KEPT) !== "off";
    box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "on" : "off"));
  }
  const areOn = () => !box || box.checked;

  const act = (element) => {
    if (!element) return false;
    if (element.tagName === "DETAILS") {
      element.open = true;
      element.querySelector("input:not([type=hidden])").focus();
    } else element.click();
    return true;
  };

  const merge = () => {
    const boxes = [...document.querySelectorAll("input[name=rows]")];
    if (boxes.filter((tick) => tick.checked).length < 2) {
      const here = boxes.findIndex((tick) => tick.closest(".proposal.is-open"));
      if (here < 0 || !boxes[here + 1]) return false;
      boxes[here].checked = boxes[here + 1].checked = true;
    }
    one("#merge").requestSubmit();
    return true;
  };

  const add = () => {
    if (bar && !bar.hidden) bar.requestSubmit();
    else one("#f-find")?.focus();
    return true;
  };

  const focus = (selector) => {
    const field = row(selector);
    if (field) field.focus();
    return Boolean(field);
  };

  // By the place of the key, not its letter: the same under Arabic, AZERTY and QWERTY layouts.
  const pressed = (event) => {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey) {
      const isAlone = event.ctrlKey && !event.metaKey && !event.altKey && (!inField(target) || target.form?.id === "row");
      return event.code === "Enter" && isAlone && act(row("[data-key='CtrlEnter']"));
    }
    if (event.key === "Escape") return leave(target);
    if (!areOn() || inField(target)) return false;
    if (event.key === "?" || event.key === "؟") {
      if (help) help.open = !help.open;
      return Boolean(help);
    }
    if (event.shiftKey) return false;
    if (event.code === "Enter" && target.closest("a,button,summary")) return false;
    if (event.code === "KeyG") return merge();
    if (event.code === "KeyN") return add();
    if (FIELDS[event.code]) return focus(FIELDS[event.code]);
    return act(one(`[data-key~='${event.code}']`));
  };
  const inField = (target) => target.isContentEditable || Boolean(target.closest("input,select,textarea"));
  const leave = (target) => {
    if (!inField(target)) return false;
    target.blur();
    one(".proposal.is-open")?.focus({ preventScroll: true });
    return true;
  };
  document.addEventListener("keydown", (event) => {
    const isComposing = event.isComposing || event.keyCode === 229; // 229: an input method has the key
    if (!isComposing && !event.repeat && pressed(event)) event.preventDefault();
  });

  // What is typed and not saved is kept in this tab, for each row, until it is saved or discarded: moving on, a reload,
  // a refusal, a session that ended lose none of it. It comes back with the version that it was typed at, so that saving
  // over somebody else's change is a conflict.
  const place = one("[data-drafts]");
  const KEY = `tatbiq-draft.${place?.dataset.drafts}.`;
  const isRefused = Boolean(one(".problems"));
  const read = (key) => JSON.parse(sessionStorage.getItem(KEY + key));
  const write = (key, draft) => sessionStorage.setItem(KEY + key, JSON.stringify(draft));
  const forget = (key) => sessionStorage.removeItem(KEY + key);
  const kept = () => Object.keys(sessionStorage).filter((key) => key.startsWith(KEY)).map((key) => key.slice(KEY.length));
  const fields = (form) => [...form.elements].filter((one) => one.name && !["hidden", "submit"].includes(one.type));
  const value = (field) => (field.type === "checkbox" ? field.checked : field.value);
  const stood = (field) => {
    if (field.type === "checkbox") return field.defaultChecked;
    if (field.tagName !== "SELECT") return field.defaultValue;
    return ([...field.options].find((option) => option.defaultSelected) || field.options[0]).value;
  };
  const changed = (form) => fields(form).filter((field) => value(field) !== stood(field));
  const keep = (form) => {
    const typed = isRefused ? fields(form) : changed(form);
    if (!typed.length) return forget(form.dataset.draft);
    const texts = Object.fromEntries(typed.map((field) => [field.name, value(field)]));
    write(form.dataset.draft, { version: form.elements.version?.value, texts });
  };
  const bringBack = (form) => {
    const draft = read(form.dataset.draft);
    if (!draft || isRefused) return;
    const version = form.elements.version;
    const seen = version?.value;
    fields(form).filter((field) => field.name in draft.texts).forEach((field) => {
      field[field.type === "checkbox" ? "checked" : "value"] = draft.texts[field.name];
    });
    const typed = changed(form);
    if (!typed.length) return forget(form.dataset.draft);
    if (version) version.value = draft.version;
    typed.forEach((field) => { if (field.closest("details")) field.closest("details").open = true; });
    const note = form.querySelector("[data-kept]");
    if (!note) return;
    note.hidden = false;
    note.querySelector("button").addEventListener("click", () => {
      form.reset();
      if (version) version.value = seen;
      forget(form.dataset.draft);
      note.hidden = true;
    });
  };

  // The address says that something was done: what was sent is saved. The word is taken out, so that coming back to this
  // address says it no more.
  const here = new URL(location.href);
  const isDone = here.searchParams.has("said");
  here.searchParams.delete("said");
  if (isDone) history.replaceState(null, "", here);
  kept().forEach((key) => {
    const draft = read(key);
    if (draft.isSent && isDone) forget(key);
    else write(key, { ...draft, isSent: false });
  });
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    bringBack(form);
    ["input", "change"].forEach((kind) => form.addEventListener(kind, () => keep(form)));
    form.addEventListener("submit", () => {
      const draft = read(form.dataset.draft);
      if (draft) write(form.dataset.draft, { ...draft, isSent: true });
    });
  });

  // Which other rows have something unsaved; and what was typed for rows that are decided or gone.
  const leftOver = one("#left-over");
  const homeless = [];
  kept().filter((key) => leftOver && key !== "find").forEach((key) => {
    const number = parseInt(key, 10);
    if (!one(`#p${number}.is-proposed`)) homeless.push(key);
    else if (one(`[data-kept="${number}"]`)) one(`[data-kept="${number}"]`).hidden = false;
  });
  if (homeless.length) {
    leftOver.hidden = false;
    homeless.flatMap((key) => Object.values(read(key).texts)).filter((text) => text && text !== true).forEach((text) => {
      leftOver.querySelector("ul").append(Object.assign(document.createElement("li"), { textContent: text, dir: "auto" }));
    });
    leftOver.querySelector("button").addEventListener("click", () => {
      homeless.forEach(forget);
      leftOver.hidden = true;
    });
  }

  // Another row: what was typed is saved on the way; where nothing was, the page is only opened.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=to_id]");
    if (!button || changed(button.form).length) return;
    event.preventDefault();
    location.assign(`${place.dataset.review}?row=${button.value}#p${button.value}`);
  });

  // Between the places where a proposal can be cut, up and down move as Tab does.
  const cuts = [...document.querySelectorAll(".cutting button")];
  if (cuts.length) {
    cuts[0].focus();
    document.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, KeyJ: 1, ArrowUp: -1, KeyK: -1 }[event.code];
      const at = cuts.indexOf(document.activeElement);
      if (!step || at < 0 || !areOn()) return;
      event.preventDefault();
      cuts[Math.min(cuts.length - 1, Math.max(0, at + step))].focus();
    });
  }

  // The open row has the focus, and its mark stands in the middle of the text beside it.
  const open = one(".proposal.is-open");
  const mark = open && document.getElementById(open.id.replace("p", "m"));
  const pane = one(".pane-text");
  if (open && location.hash === `#${open.id}` && !one(".problems")) open.focus({ preventScroll: true });
  if (mark && pane && matchMedia("(min-width:64rem)").matches) {
    pane.scrollTop += mark.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 2;
  }

  // What is selected in the text can be added: offsets count code points, the server grows them to whole words.
  if (!text || !bar) return;
  const points = (node, offset) => [...node.textContent.slice(0, offset)].length;
  const edge = (span, node, offset, otherwise) =>
    Number(span.dataset.o) + (span.contains(node) && node.nodeType === Node.TEXT_NODE ? points(node, offset) : otherwise);
  const offer = () => {
    const selection = getSelection();
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const spans = range ? [...text.querySelectorAll("[data-o]")].filter((span) => range.intersectsNode(span)) : [];
    if (bar.contains(document.activeElement)) return;
    bar.hidden = !spans.length;
    if (!spans.length) return;
    const last = spans[spans.length - 1];
    bar.elements.start.value = edge(spans[0], range.startContainer, range.startOffset, 0);
    bar.elements.end.value = edge(last, range.endContainer, range.endOffset, [...last.textContent].length);
    (last.closest("mark") || last).after(bar);
  };
  let waiting;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(offer, 200);
  });
  bar.addEventListener("mousedown", (event) => event.preventDefault());
})();
