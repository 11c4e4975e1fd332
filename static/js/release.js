// What a release would touch follows the ticks. Until it is reckoned anew nothing is shown and nothing sent.

const form = document.querySelector("form[data-impact]");
const button = document.getElementById("recount");
let asked = 0;

if (form) {
  if (button) button.hidden = true;
  form.addEventListener("change", (event) => {
    if (event.target.name === "subject") recount();
  });
  window.addEventListener("pageshow", () => {
    if (ticks().join("\n") !== counted().join("\n")) recount();
  });
}

function ticks() {
  const boxes = [...form.querySelectorAll("input[name=subject]:checked")]; // also those that may not be moved
  return boxes.map((box) => box.value).sort();
}

/** The pieces by which what is shown was reckoned: a browser may bring other ticks back to a page. */
function counted() {
  return new FormData(form).getAll("counted").filter(Boolean).sort();
}

async function recount() {
  const mine = ++asked;
  const ticked = ticks().map((subject) => ["subject", subject]);
  say(form.dataset.counting);
  hold(true);
  try {
    const response = await fetch(`${form.dataset.impact}?${new URLSearchParams(ticked)}`);
    if (!response.ok) throw new Error(response.statusText);
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("impact");
    if (mine !== asked) return;
    document.getElementById("impact").replaceWith(fresh);
    announce(fresh.querySelector(".impact-totals, .soft")?.textContent.trim() ?? "");
  } catch {
    if (mine !== asked) return;
    say(form.dataset.failed);
    if (button) button.hidden = false;
  }
  hold(false);
}

/** In place of what the page said of other ticks. The empty mark stays: the portal then reckons by itself. */
function say(words) {
  const box = document.getElementById("impact");
  const mark = Object.assign(document.createElement("input"), { type: "hidden", name: "counted", value: "" });
  const line = Object.assign(document.createElement("p"), { className: "soft", textContent: words });
  box.replaceChildren(mark, line);
  announce(words);
}

function hold(held) {
  form.querySelectorAll("button").forEach((pressed) => {
    pressed.disabled = held;
  });
}

function announce(words) {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
}
