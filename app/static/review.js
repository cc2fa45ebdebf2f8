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
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (!event.ctrlKey || event.altKey) return false;
      if (event.code === "Enter") return act(row("[data-key='CtrlEnter']"));
      return event.code === "KeyZ" && !inField(event.target) && act(one("[data-key~='KeyU']"));
    }
    if (!areOn() || inField(event.target)) return false;
    if (event.key === "?" || event.key === "؟") {
      if (help) help.open = !help.open;
      return Boolean(help);
    }
    if (event.code === "Enter" && event.target.closest("a,button,summary")) return false;
    if (event.code === "KeyG") return merge();
    if (event.code === "KeyN") return add();
    if (FIELDS[event.code]) return focus(FIELDS[event.code]);
    return act(one(`[data-key~='${event.code}']`));
  };
  const inField = (target) => Boolean(target.closest("input,select,textarea,[contenteditable]"));
  document.addEventListener("keydown", (event) => {
    if (!event.isComposing && !event.repeat && pressed(event)) event.preventDefault();
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
