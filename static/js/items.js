// The form of an item changes its shape in place: a kind is chosen, a condition comes or goes, nothing is lost.

document.documentElement.classList.add("shapes-itself");

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-kind]")) {
    reshape(event.target.form, "show", event.target.id);
  }
});

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!event.target.matches("[data-item]") || !button?.matches("[data-shape]")) return;
  event.preventDefault();
  reshape(event.target, button.value, button.id);
});

/** Sends what is typed and takes the form that comes back; where that fails, the browser sends it itself. */
async function reshape(form, act, id) {
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  const body = new URLSearchParams(new FormData(form));
  body.set("do", act);
  try {
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById("item-form");
    if (!fresh) throw new Error("the draft is no longer being written");
    document.getElementById("item-form").replaceWith(fresh);
    place(act, id).focus();
  } catch {
    form.removeAttribute("aria-busy");
    const plain = document.createElement("input");
    Object.assign(plain, { type: "hidden", name: "do", value: act });
    form.append(plain);
    form.submit();
  }
}

/** Where the work goes on: at the new condition, at the chosen kind, at the place that was changed. */
function place(act, id) {
  const words = document.querySelectorAll("#item-form .condition [name$='-words']");
  if (act === "add") return words[words.length - 1];
  const [name, path] = act.split(":");
  if (name === "read") return document.getElementById(`${path}-kind`);
  if (name === "part") return [...document.querySelectorAll(`[id^='${path}-'][id$='-kind']`)].at(-1);
  return document.getElementById(id) ?? document.getElementById("add-condition");
}
