// Server-sent events over fetch: EventSource can only GET.

/** Calls `take(name, data)` for each event of a response until it ends. */
export async function readEvents(response, take) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    held += value;
    const whole = held.split("\n\n");
    held = whole.pop();
    for (const text of whole) {
      const name = /^event: (.*)$/m.exec(text);
      const data = /^data: (.*)$/m.exec(text);
      if (name && data) take(name[1], JSON.parse(data[1]));
    }
  }
}
