// Asking without leaving the page: the reply streams in, then the finished page takes its place.
import { readEvents } from "./events.js";
import { showFirstSource } from "./sources.js";

const QUESTIONS = "/api/v1/questions";
const YEAR = 365 * 24 * 3600;
let running = null;
let shown = location.pathname;

export function watchQuestions() {
  document.getElementById("trouble")?.focus();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-ask]") || !window.TextDecoderStream) return;
    event.preventDefault();
    ask(form, event.submitter);
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "question") countLetters(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "question" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.target.form.requestSubmit();
    }
  });
  window.addEventListener("popstate", () => {
    if (location.pathname !== shown) location.reload();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-stop]")) running?.abort();
    if (event.target.closest('a[href="#region"]')) openRegion();
  });
}

/** The region stands in a fold once a conversation has begun: opened, it takes the focus. */
function openRegion() {
  const field = document.getElementById("region");
  field.closest("details")?.setAttribute("open", "");
  field.focus();
}

/** Tells how many letters are left, near the limit only. */
function countLetters(box) {
  const note = document.getElementById("question-left");
  if (!note) return; // a box without a counter, as on the desk
  const left = Number(box.dataset.limit) - [...box.value].length;
  const words = left < 0 ? note.dataset.over : note.dataset.left;
  note.textContent = left > 100 ? "" : words.replace("#", Math.abs(left));
  note.classList.toggle("over", left < 0);
}

async function ask(form, submitter) {
  const values = new FormData(form, submitter);
  const question = (values.get("question") || "").trim();
  if (!question || running) return;
  const region = (values.get("region_choice") || values.get("region") || "").trim();
  if (form.id === "ask") keepRegion(region);
  running = new AbortController();
  const turn = showPending(question);
  try {
    const reply = await put({ question, conversation: values.get("conversation"), region: region || null }, turn);
    await finish(reply, turn);
  } catch (trouble) {
    if (trouble.status === 422 || trouble.type?.endsWith(":switched-off")) sendPlainly(form, submitter);
    else giveBack(turn, question, trouble);
  } finally {
    running = null;
  }
}

/** Sends the question and writes what streams in; gives the whole reply, or throws a problem to show. */
async function put(body, turn) {
  const response = await fetch(QUESTIONS, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify(body),
    signal: running.signal,
  });
  if (!response.ok) throw await response.json().catch(() => ({}));
  const text = turn.querySelector(".answer-text");
  let reply = null;
  let written = "";
  await readEvents(response, (name, data) => {
    if (name === "error") throw data;
    if (name === "done") reply = data;
    if (name === "delta") {
      written += data.text;
      write(text, written);
    }
  });
  if (!reply) throw {};
  return reply;
}

function write(place, answer) {
  place.replaceChildren(
    ...answer.split("\n").filter((line) => line.trim()).map((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line.replace(/\[(\d+)\]/g, " ");
      return paragraph;
    }),
  );
}

function showPending(question) {
  const turn = document.getElementById("pending").content.firstElementChild.cloneNode(true);
  turn.querySelector(".asked").textContent = question;
  const turns = document.getElementById("turns");
  if (turns) {
    turns.append(turn);
    turns.querySelectorAll(".back, .suggestions").forEach((settled) => settled.remove());
  } else {
    document.querySelector(".home").prepend(turn);
    document.querySelectorAll(".welcome, .examples").forEach((part) => (part.hidden = true));
  }
  document.getElementById("ask").hidden = true;
  document.getElementById("ask-trouble").hidden = true;
  turn.scrollIntoView({ block: "start" });
  return turn;
}

/** The finished page takes the place of this one, and the reply is read out where a reader listens. */
async function finish(reply, turn) {
  turn.querySelector("[data-stop]").remove();
  const address = `/c/${encodeURIComponent(reply.conversation)}`;
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok) throw {};
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  document.getElementById("main").replaceWith(page.getElementById("main"));
  document.title = page.title;
  for (const next of document.querySelectorAll('.look [name="next"]')) next.value = address;
  if (location.pathname === address) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  shown = address;
  const answer = [...document.querySelectorAll(".answer")].at(-1);
  showFirstSource(answer);
  document.dispatchEvent(new CustomEvent("rouwen:page"));
  answer.closest(".turn").scrollIntoView({ block: "start" });
  answer.focus({ preventScroll: true });
  document.getElementById("live").textContent = answer.querySelector(".answer-text").textContent.replace(/\s+/g, " ");
}

/** What a field got wrong is told by the page itself, with what there is to choose from. */
function sendPlainly(form, submitter) {
  form.removeAttribute("data-ask");
  form.requestSubmit(submitter);
}

/** Nothing is lost: the question stands in the box again, with what went wrong beside it. */
function giveBack(turn, question, trouble) {
  turn.remove();
  document.querySelectorAll(".welcome, .examples").forEach((part) => (part.hidden = false));
  const form = document.getElementById("ask");
  form.hidden = false;
  const box = document.getElementById("question");
  box.value = question;
  countLetters(box);
  const note = document.getElementById("ask-trouble");
  note.hidden = trouble.name === "AbortError";
  note.textContent = trouble.detail || note.dataset.network;
  box.focus();
  if (!note.hidden) document.getElementById("live").textContent = note.textContent;
}

function keepRegion(region) {
  document.cookie = `region=${encodeURIComponent(region)}; path=/; max-age=${region ? YEAR : 0}; samesite=lax`;
}
