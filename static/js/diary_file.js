// A large Apple Health export is read on this device: only its records of sleep are sent, and nothing else in it.
// Without this script, or where the file is not what it seems, the file goes to the house as it is.
const LARGE = 8 * 1024 * 1024;
const END = 0x06054b50;
const ENTRY = 0x02014b50;
const FULL = 0xffffffff; // in its place stands a 64-bit size elsewhere, which is not read here
const SLEEP = 'type="HKCategoryTypeIdentifierSleepAnalysis"';

const form = document.querySelector("[data-health-file]");
form?.addEventListener("submit", lighten);

async function lighten(event) {
  const input = form.querySelector('input[type="file"]');
  const [file] = input.files;
  if (form.dataset.healthFile || !file || file.size < LARGE) return;
  event.preventDefault();
  form.dataset.healthFile = "read";
  form.querySelector("[data-health-word]").textContent = "Reading the sleep out of it, on this device.";
  const light = await sleepOf(file).catch(() => null);
  if (light) {
    const chosen = new DataTransfer();
    chosen.items.add(light);
    input.files = chosen.files;
  }
  form.requestSubmit();
}

async function sleepOf(file) {
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  const isArchive = start[0] === 0x50 && start[1] === 0x4b;
  const text = (isArchive ? await unpacked(file) : file.stream()).pipeThrough(new TextDecoderStream());
  const records = await kept(text);
  return new File([`<HealthData>\n${records.join("\n")}\n</HealthData>`], "sleep.xml", { type: "text/xml" });
}

// Each record stands on a line of its own; what it holds inside it is left out.
async function kept(text) {
  const records = [];
  let rest = "";
  const take = (line) => {
    const record = line.trim();
    if (!record.startsWith("<Record ") || !record.includes(SLEEP)) return;
    records.push(record.endsWith("/>") ? record : `${record.slice(0, -1)}/>`);
  };
  const reader = text.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop();
    lines.forEach(take);
  }
  take(rest);
  return records;
}

// export.xml out of the archive, as a stream.
async function unpacked(file) {
  const view = async (from, to) => new DataView(await file.slice(from, to).arrayBuffer());
  const tailFrom = Math.max(0, file.size - 65558);
  const tail = await view(tailFrom, file.size);
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== END) end -= 1;
  const from = tail.getUint32(end + 16, true);
  const list = await view(from, from + tail.getUint32(end + 12, true));
  for (let at = 0; at + 46 <= list.byteLength && list.getUint32(at, true) === ENTRY; ) {
    const nameLength = list.getUint16(at + 28, true);
    const name = new TextDecoder().decode(new Uint8Array(list.buffer, at + 46, nameLength));
    if (/(^|\/)export\.xml$/i.test(name)) {
      const [method, size, offset] = [list.getUint16(at + 10, true), list.getUint32(at + 20, true), list.getUint32(at + 42, true)];
      if (size === FULL || offset === FULL) throw new Error("too large");
      const head = await view(offset, offset + 30);
      const begins = offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
      const packed = file.slice(begins, begins + size).stream();
      return method === 8 ? packed.pipeThrough(new DecompressionStream("deflate-raw")) : packed;
    }
    at += 46 + nameLength + list.getUint16(at + 30, true) + list.getUint16(at + 32, true);
  }
  throw new Error("no export.xml");
}
