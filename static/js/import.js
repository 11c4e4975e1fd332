// Importing: files may be dropped, and what is typed while checking is kept as it is typed.

const zone = document.querySelector("[data-drop]");
if (zone) dropping(zone, zone.querySelector("input[type=file]"));

const checking = document.querySelector("form[data-keep]");
if (checking) keeping(checking);

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

function keeping(form) {
  const told = form.querySelector("[data-told]");
  let timer = 0;
  let changed = false;

  async function keep(leaving) {
    clearTimeout(timer);
    if (!changed) return;
    changed = false;
    const body = new FormData(form);
    body.set("do", "keep");
    try {
      const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(body), keepalive: leaving });
      told.textContent = response.ok ? form.dataset.keep : form.dataset.notKept;
    } catch {
      told.textContent = form.dataset.notKept;
    }
  }

  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(keep, 700, false);
  });
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    changed = false;
    clearTimeout(timer);
    if (event.submitter?.value === "draft") told.textContent = form.dataset.saving;
  });
  window.addEventListener("pageshow", () => {
    sent = false;
  });
  window.addEventListener("pagehide", () => keep(true));
}
