// Copy with the AI notice, print, and feedback sent without leaving the page.

export function watchTools() {
  reveal();
  document.addEventListener("rouwen:page", reveal);
  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) copyAnswer(copy);
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-feedback]")) return;
    event.preventDefault();
    sendFeedback(event.target, event.submitter);
  });
}

function reveal() {
  document.querySelectorAll(".tools").forEach((tools) => (tools.hidden = false));
}

/** The answer as text: the marks in brackets, the clauses they stand for, and the AI notice at the end. */
function answerText(answer) {
  const text = answer.querySelector(".answer-text").cloneNode(true);
  text.querySelectorAll(".opened").forEach((open) => open.remove());
  text.querySelectorAll(".mark").forEach((mark) => (mark.textContent = `[${mark.textContent}]`));
  const blocks = [...text.querySelectorAll(".block")].map((block) =>
    [...block.querySelectorAll("p, li")].map((line) => line.textContent.trim()).join("\n"),
  );
  const sources = [...answer.querySelectorAll(".source")].map((source) => {
    const number = source.querySelector(".mark").textContent;
    return `[${number}] ${source.querySelector(".source-title").textContent.trim().replace(/\s+/g, " ")}`;
  });
  return [...blocks, sources.join("\n"), answer.querySelector(".notice").textContent].filter(Boolean).join("\n\n");
}

async function copyAnswer(button) {
  const words = button.dataset.words ?? button.textContent;
  button.dataset.words = words;
  let said = button.dataset.done;
  try {
    await navigator.clipboard.writeText(answerText(button.closest(".answer")));
  } catch {
    said = button.dataset.failed;
  }
  button.textContent = said;
  document.getElementById("live").textContent = said;
  setTimeout(() => (button.textContent = words), 4000);
}

async function sendFeedback(form, submitter) {
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form, submitter) });
    if (!response.ok) throw new Error(String(response.status));
    const thanks = document.createElement("p");
    thanks.className = "thanks";
    thanks.tabIndex = -1;
    thanks.textContent = form.dataset.thanks;
    form.replaceWith(thanks);
    thanks.focus();
    document.getElementById("live").textContent = form.dataset.thanks;
  } catch {
    form.removeAttribute("data-feedback");
    form.requestSubmit(submitter);
  }
}
