// Folders: the files in them are chosen as if they had been picked one by one, within the limits of the form.

/** What was dropped, the files of folders included; ``cut`` where not all of it was looked at. */
export async function dropped(transfer, most) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return { files: [...transfer.files], whole: true };
  const found = { files: [], unread: 0, cut: false };
  for (let seen = 0; entries.length > 0; seen += 1) {
    if (seen >= most) {
      found.cut = true;
      break;
    }
    const entry = entries.shift();
    try {
      if (entry.isDirectory) entries.push(...(await within(entry.createReader())));
      else found.files.push(await new Promise((done, failed) => entry.file(done, failed)));
    } catch {
      found.unread += 1;
    }
  }
  return found;
}

/** The entries of one folder; a browser hands them over in batches. */
async function within(reader) {
  const held = [];
  for (;;) {
    const batch = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (batch.length === 0) return held;
    held.push(...batch);
  }
}

/** Those files that one form may bring in, and how many were left out for which reason. */
export function fitting({ files, unread = 0, cut = false }, limits) {
  const kinds = limits.kinds.split(",");
  const left = { kind: 0, size: 0, many: 0, unread };
  const kept = [];
  let total = 0;
  for (const file of [...files].sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const kind = `.${file.name.split(".").pop().toLowerCase()}`;
    if (!kinds.includes(kind) || /^(\.|~\$)/.test(file.name)) left.kind += 1;
    else if (file.size > limits.mib * 1024 * 1024) left.size += 1;
    else if (kept.length >= limits.files || total + file.size > limits.total * 1024 * 1024) left.many += 1;
    else {
      kept.push(file);
      total += file.size;
    }
  }
  return { kept, left, cut };
}

/** One sentence on what was left out; none where nothing was. */
export function leftOut({ kept, left, cut }, words) {
  const reasons = Object.keys(left).filter((name) => left[name] > 0);
  const said = reasons.map((name) => words[`left${name[0].toUpperCase()}${name.slice(1)}`].replace("#", left[name]));
  if (cut) said.push(words.leftCut);
  if (said.length > 0) return words.left.replace("#", said.join(words.leftAnd));
  return kept.length === 0 ? words.leftNothing : "";
}
