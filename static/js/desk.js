// The desk keeps the place: one click decides in the clause itself, without the page being loaded anew.

document.addEventListener("submit", (event) => {
  const form = event.target;
  const ask = event.submitter?.dataset.ask;
  if (ask && !window.confirm(ask)) {
    event.preventDefault();
    return;
  }
  if (form.matches("[data-wait]")) waits(form, event.submitter);
  if (!form.matches("[data-desk]")) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") !== "true") decide(form, event.submitter);
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("[data-wait] [disabled][data-words]").forEach((button) => {
    button.disabled = false;
    button.textContent = button.dataset.words;
  });
});

/** Says that what was pressed runs, and keeps the form from being sent twice. */
function waits(form, submitter) {
  const buttons = [...form.querySelectorAll("button:not([type=button])")];
  const pressed = submitter ?? buttons[0];
  const words = pressed.dataset.wait ?? form.dataset.wait;
  setTimeout(() => {
    buttons.forEach((button) => {
      button.dataset.words = button.textContent;
      button.disabled = true;
    });
    pressed.textContent = words;
  });
  say(words);
}

async function decide(form, submitter) {
  form.setAttribute("aria-busy", "true");
  const body = new FormData(form, submitter);
  try {
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (response.ok) replacePart(form, submitter, page);
    else replaceMain(page);
  } catch {
    form.removeAttribute("data-desk");
    form.requestSubmit(submitter);
  }
}

function replacePart(form, submitter, page) {
  const part = form.closest("[data-part]");
  const fresh = page.getElementById(part.id);
  const tally = document.getElementById("tally");
  if (tally) tally.replaceWith(page.getElementById("tally"));
  const place = [...form.querySelectorAll("button[name=do]")].indexOf(submitter);
  if (!fresh) {
    const next = part.nextElementSibling ?? part.previousElementSibling;
    part.remove();
    next?.focus({ preventScroll: true });
  } else {
    part.replaceWith(fresh);
    const buttons = fresh.querySelectorAll("button[name=do]");
    (buttons[Math.min(place, buttons.length - 1)] ?? fresh).focus({ preventScroll: true });
  }
  say(document.querySelector(".tally-line")?.textContent.trim() ?? submitter.textContent);
}

function replaceMain(page) {
  const fresh = page.getElementById("main");
  document.getElementById("main").replaceWith(fresh);
  (fresh.querySelector("#trouble") ?? fresh).focus();
}

function say(words) {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
}
