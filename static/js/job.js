// The page of a job looks by itself how far the job is, and goes on once it has ended.

const job = document.querySelector("[data-job]");
if (job) waits();

function waits() {
  setTimeout(look, job.dataset.every * 1000);
}

async function look() {
  try {
    const response = await fetch(job.dataset.look, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (response.ok && !page.querySelector("[data-job]")) {
      window.location.replace(job.dataset.job);
      return;
    }
    if (response.ok) ["job-standing", "job-stage", "job-part"].forEach((id) => renews(id, page));
  } catch {
    // The next look may get through.
  }
  waits();
}

/** Only what changed is written, so that only that is read out. */
function renews(id, page) {
  const shown = document.getElementById(id);
  const fresh = page.getElementById(id);
  if (fresh && shown.innerHTML !== fresh.innerHTML) shown.replaceChildren(...fresh.childNodes);
}
