// A mark opens the clause it stands for: beside the text where there is room, below the line elsewhere.
const WIDE = window.matchMedia("(min-width: 74rem)");

export function watchSources() {
  document.addEventListener("click", (event) => {
    const mark = event.target.closest(".mark[data-source]");
    if (mark && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      toggle(mark);
    }
    const close = event.target.closest("button[data-close]");
    if (close) shut(close.closest(".opened, .panel"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector(".opened") || document.querySelector("#panel:not([hidden])");
    if (open) shut(open);
  });
  WIDE.addEventListener("change", () => document.querySelectorAll(".opened").forEach((open) => open.remove()));
  const answers = [...document.querySelectorAll(".answer")];
  if (answers.length) showFirstSource(answers.at(-1));
}

/** Where there is room, the first clause of an answer stands beside it from the start. */
export function showFirstSource(answer) {
  const mark = answer.querySelector(".answer-text .mark");
  if (mark && WIDE.matches) fillPanel(mark);
}

function toggle(mark) {
  if (WIDE.matches) {
    fillPanel(mark);
    document.getElementById("panel").focus({ preventScroll: true });
    return;
  }
  const place = mark.closest("p, li");
  const open = document.querySelector(`.opened[data-of="${mark.dataset.source}"]`);
  document.querySelectorAll(".opened").forEach((other) => other.remove());
  forget();
  if (open && open.previousElementSibling === place) return;
  const box = document.createElement("div");
  box.className = "opened";
  box.dataset.of = mark.dataset.source;
  box.tabIndex = -1;
  fill(box, mark);
  if (place.matches("li")) place.append(box);
  else place.after(box);
  mark.setAttribute("aria-expanded", "true");
  box.focus({ preventScroll: true });
  box.scrollIntoView({ block: "nearest" });
}

function fillPanel(mark) {
  const panel = document.getElementById("panel");
  showPanel(true);
  forget();
  const inner = panel.querySelector(".panel-inner");
  inner.replaceChildren();
  fill(inner, mark);
  inner.scrollTop = 0;
  for (const same of document.querySelectorAll(`.mark[data-source="${mark.dataset.source}"]`)) {
    same.setAttribute("aria-current", "true");
  }
  panel.openedBy = mark;
}

/** Copies the clause of a mark into a place, under its title and a way to close it. */
function fill(place, mark) {
  const source = document.getElementById(mark.dataset.source);
  const head = document.createElement("div");
  head.className = "opened-head";
  const title = document.createElement("p");
  title.append(...source.querySelector(".source-title").cloneNode(true).childNodes);
  const close = document.createElement("button");
  close.type = "button";
  close.className = "plain";
  close.dataset.close = "";
  close.textContent = document.querySelector(".beside").dataset.close;
  head.append(title, close);
  place.append(head, source.querySelector(".clause").cloneNode(true));
  place.openedBy = mark;
}

function shut(place) {
  const mark = place.openedBy;
  if (place.id === "panel") showPanel(false);
  else place.remove();
  forget();
  mark?.focus();
}

function showPanel(open) {
  const panel = document.getElementById("panel");
  panel.hidden = !open;
  panel.parentElement.classList.toggle("open", open);
}

function forget() {
  for (const mark of document.querySelectorAll(".mark")) {
    mark.removeAttribute("aria-expanded");
    mark.removeAttribute("aria-current");
  }
}
