// Importing: files may be dropped, and what is typed while checking is kept as it is typed.

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
  zone.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    zone.classList.remove("over");
    input.files = event.dataTransfer.files;
    tellChosen(zone, input);
    input.form.querySelector(".button").focus();
  });
  input.addEventListener("change", () => tellChosen(zone, input));
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
