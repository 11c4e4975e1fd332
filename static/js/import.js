// Importing: files and folders may be dropped, and what is typed while checking is kept as it is typed.

import { dropped, fitting, leftOut } from "./folder.js";

const zone = document.querySelector("[data-drop]");
if (zone) dropping(zone, zone.querySelector("input[type=file]"));

if (document.querySelector("form[data-keep]")) keeping();

document.querySelectorAll(".original-page > img").forEach((picture) => {
  picture.addEventListener("error", () => showText(picture));
  if (picture.complete && picture.currentSrc && !picture.naturalWidth) showText(picture);
});

/** Of a page that could not be drawn, its text is shown. */
function showText(picture) {
  const page = picture.parentElement;
  picture.hidden = true;
  page.querySelector("[data-undrawn]").hidden = false;
  page.querySelector("details")?.setAttribute("open", "");
}

function dropping(zone, input) {
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) zone.classList.remove("over");
  });
  zone.addEventListener("drop", async (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    zone.classList.remove("over");
    const found = await dropped(event.dataTransfer, zone.dataset.entries);
    if (found.whole) choose(zone, input, found.files);
    else chooseFitting(zone, input, found);
    input.form.querySelector(".button").focus();
  });
  input.addEventListener("change", () => tell(zone, input));
  const folder = zone.querySelector("input[webkitdirectory]");
  if (!("webkitdirectory" in folder)) return;
  folder.closest("[hidden]").hidden = false;
  folder.addEventListener("change", () => {
    chooseFitting(zone, input, { files: folder.files });
    folder.value = "";
  });
}

function choose(zone, input, files, said = "") {
  const held = new DataTransfer();
  files.forEach((file) => held.items.add(file));
  input.files = held.files;
  tell(zone, input, said);
}

function tell(zone, input, said = "") {
  tellChosen(zone, input);
  const left = zone.querySelector("[data-left-out]");
  left.textContent = said;
  left.hidden = said === "";
}

/** Of a folder, only what one form may bring in. */
function chooseFitting(zone, input, found) {
  const sifted = fitting(found, zone.dataset);
  choose(zone, input, sifted.kept, leftOut(sifted, zone.dataset));
}

/** Names the files that are chosen where the browser itself would only count them. */
function tellChosen(zone, input) {
  const place = zone.querySelector("[data-chosen]");
  place.hidden = input.files.length < 2;
  place.querySelector("p").textContent = input.dataset.counted.replace("#", input.files.length);
  place.querySelector("ul").replaceChildren(
    ...[...input.files].map((file) => Object.assign(document.createElement("li"), { textContent: file.name })),
  );
}

function keeping() {
  const current = () => document.querySelector("form[data-keep]"); // another one each time its shape changes
  let timer = 0;
  let changed = false;
  let sent = false;

  function later() {
    clearTimeout(timer);
    timer = setTimeout(keep, 700, false);
  }

  async function keep(leaving) {
    clearTimeout(timer);
    const form = current();
    if (!changed || !form) return;
    if (form.getAttribute("aria-busy") === "true") {
      later();
      return;
    }
    changed = false;
    const body = new FormData(form);
    body.set("do", "keep");
    let kept = false;
    try {
      kept = (await fetch(form.action, { method: "POST", body: new URLSearchParams(body), keepalive: leaving })).ok;
    } catch {
      kept = false;
    }
    current().querySelector("[data-told]").textContent = kept ? form.dataset.keep : form.dataset.notKept;
  }

  document.addEventListener("input", (event) => {
    if (!event.target.closest("form[data-keep]")) return;
    changed = true;
    later();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-keep]")) return;
    changed = false;
    clearTimeout(timer);
    if (event.defaultPrevented) return; // it changes its shape and stays
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    if (event.submitter?.value === "draft") form.querySelector("[data-told]").textContent = form.dataset.saving;
  });
  window.addEventListener("pageshow", () => {
    sent = false;
  });
  window.addEventListener("pagehide", () => keep(true));
}
