// Where files come in: dropped on it, pasted (data-paste), chosen; they go off at once, in the form inside (data-now). Without script that form has its own button.
const MOST = 100_000_000; // bytes of one request: the server refuses more without reading it
const KIND = "text/x-retkoop-document"; // a document of ours that is dragged to a line
const toast = (text) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "bad" } }));
const zones = () => [...document.querySelectorAll("drop-zone")].filter((zone) => zone.form);
const batches = []; // files on their way, of the whole page: those of one address after those of another, whatever becomes of the page meanwhile
let busy = false;
let leaving = false; // the server sends us to another page

addEventListener("beforeunload", (event) => { if (batches.length || (!leaving && (busy || zones().some((zone) => zone.files.length)))) event.preventDefault(); });
document.addEventListener("retkoop:leaving", () => { leaving = true; });
addEventListener("pageshow", () => { leaving = false; });

async function run() {
  if (busy) return;
  busy = true;
  try { while (batches.length) await batches[0].go(); } finally { busy = false; }
}

/** Files of one form. They go one by one: each is kept or refused by itself, and a cut line loses none. What became of all is told by the page that answers at the end. */
class Batch {
  constructor(zone) {
    this.address = zone.form.action;
    this.place = `#${zone.closest("[hx-select]").id}`;
    this.files = [];
    this.told = []; // the answers, sealed by the server: they go back with the last request
    this.gone = 0;
  }

  get zone() { return zones().find((zone) => zone.form.action === this.address); }

  get many() { return this.gone + this.files.length; }

  async go() {
    while (this.files.length) {
      if (this.many > 1) this.zone?.say(`Envoi : ${this.gone + 1} sur ${this.many}…`);
      const { file, data } = this.files[0];
      const answer = await this.sendOne(file, data);
      if (!answer.sent) { await this.stop(answer); return; }
      if (answer.told) this.told.push(answer.told);
      this.last = data;
      this.files.shift();
      this.gone += 1;
    }
    batches.shift();
    if (!this.told.length) { this.zone?.say(""); return; }
    await ask(this.address, { source: this.place, values: { ...Object.fromEntries(this.last), avant: this.told.join(" ") } });
    batches[0]?.told.unshift(...this.told); // the next page takes the place of this one: it tells these as well
  }

  sendOne(file, data) {
    const body = new FormData();
    for (const [name, value] of data) body.append(name, value);
    body.append("fichiers", file);
    const xhr = new XMLHttpRequest();
    xhr.open("POST", this.address);
    xhr.setRequestHeader("Accept", "application/json");
    xhr.timeout = 600_000;
    xhr.upload.onprogress = (event) => { if (this.many === 1) this.zone?.progress(event); };
    return new Promise((resolve) => {
      xhr.onload = () => resolve(this.answered(xhr, file));
      xhr.onerror = xhr.onabort = xhr.ontimeout = () => resolve({ cut: true });
      xhr.send(body);
    });
  }

  answered(xhr, file) {
    if (xhr.status === 200 && xhr.getResponseHeader("Content-Type") === "application/json") return { sent: true, ...JSON.parse(xhr.response) };
    if (xhr.status !== 413 && xhr.status !== 507) return {};
    toast(`« ${file.name} » n’a pas été gardé : trop volumineux, ou plus de place.`);
    return { sent: true };
  }

  /** What has not gone waits in its form. Where the line is not cut, the form itself asks, and the answer is shown: to log in, or what is wrong. */
  async stop({ cut }) {
    batches.shift();
    const zone = this.zone;
    const files = this.files.map(({ file }) => file);
    if (!zone) { toast(`Envoi interrompu : ${files.map((file) => `« ${file.name} »`).join(", ")} à joindre de nouveau.`); return; }
    zone.keep(files, this.told);
    if (cut) zone.failed(`Envoi interrompu${this.many > 1 ? ` après ${this.gone} sur ${this.many}` : ""} : vérifiez la connexion, puis appuyez sur « Envoyer ».`);
    else await zone.submit();
  }
}

const ask = (address, how) => htmx.ajax("POST", address, how).catch(() => {}); // network.js says what went wrong

/** A screenshot has no name of its own: give it one that says when it was made. */
const named = (file) => {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const now = new Date();
  const day = now.toLocaleDateString("fr-FR").replaceAll("/", "-"); // a name ends at its last slash
  const hour = now.toLocaleTimeString("fr-FR", { hour: "numeric", minute: "2-digit" }).replace(":", " h ");
  return new File([file], `Capture du ${day} à ${hour}.${file.type.split("/")[1]}`, { type: file.type });
};

class DropZone extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form[enctype]");
    if (!this.form) return;
    this.said = this.querySelector(".drop-said");
    this.button = this.querySelector("[data-send]");
    this.button.hidden = true;
    this.form.addEventListener("change", (event) => { if (event.target.files?.length) this.send(); });
    this.form.addEventListener("htmx:xhr:progress", ({ detail }) => this.progress(detail));
    this.form.addEventListener("htmx:afterRequest", ({ detail }) => { if (!detail.successful) this.failed(); });
    for (const name of ["dragenter", "dragover"]) this.addEventListener(name, (event) => this.over(event));
    for (const name of ["dragleave", "drop"]) this.addEventListener(name, () => this.classList.remove("drop--over"));
    this.addEventListener("drop", (event) => this.dropped(event));
    this.paste = (event) => this.pasted(event);
    if (this.hasAttribute("data-paste")) document.addEventListener("paste", this.paste);
    this.button.addEventListener("click", (event) => { if (this.files.length) { event.preventDefault(); this.send(); } });
  }

  disconnectedCallback() { document.removeEventListener("paste", this.paste); }

  get input() { return [...this.querySelectorAll("input[type=file]")].at(-1); }

  takes(data) { return data.types.includes("Files") || (data.types.includes(KIND) && this.form.elements.document); }

  over(event) {
    if (!this.takes(event.dataTransfer)) return;
    event.preventDefault();
    this.classList.add("drop--over");
  }

  dropped(event) {
    if (!this.takes(event.dataTransfer)) return;
    event.preventDefault();
    const key = event.dataTransfer.getData(KIND);
    if (key) { this.form.elements.document.value = key; this.go(); }
    else this.give(event.dataTransfer.files);
  }

  pasted(event) {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    this.give(files);
  }

  give(files) {
    const all = new DataTransfer();
    for (const file of files) all.items.add(named(file));
    this.input.files = all.files;
    this.send();
  }

  get files() { return [...this.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]); }

  /** Send what is here, and what a cut line had left in other forms: the page that answers replaces them. */
  send() {
    for (const zone of zones()) if (zone.files.length) zone.hand();
    run();
  }

  hand() {
    const files = this.files;
    const large = files.find((file) => file.size > MOST);
    if (large) {
      toast(`« ${large.name} » est trop volumineux : 100 Mo au plus.`);
      this.form.reset();
      return;
    }
    const data = new FormData(this.form);
    let batch = batches.find((one) => one.address === this.form.action);
    if (!batch) batches.push(batch = new Batch(this));
    batch.told.push(...data.getAll("avant"));
    for (const name of ["avant", "fichiers"]) data.delete(name);
    batch.files.push(...files.map((file) => ({ file, data })));
    this.keep([]);
    this.say("Envoi en cours…");
  }

  /** Leave files in the form, and what was told of those that went before them. */
  keep(files, told = []) {
    const left = new DataTransfer();
    for (const file of files) left.items.add(file);
    for (const input of this.querySelectorAll("input[type=file]")) input.value = "";
    this.input.files = left.files;
    for (const before of this.form.querySelectorAll("[name=avant]")) before.remove();
    if (!told.length) return;
    const before = Object.assign(document.createElement("input"), { type: "hidden", name: "avant", value: told.join(" ") });
    this.form.append(before);
  }

  /** Send the form as it is. Its files are on their way, no more to be sent; they come back where no answer took the page's place. */
  async submit() {
    const [files, told] = [this.files, new FormData(this.form).getAll("avant")];
    const answered = ask(this.form.action, { source: this.form });
    this.keep([]);
    await answered;
    if (!this.isConnected) return;
    this.keep([...files, ...this.files], told);
    this.failed();
  }

  go() { this.form.requestSubmit(this.button); }

  progress({ loaded, total }) { if (total) this.say(loaded < total ? `Envoi : ${Math.round((loaded / total) * 100)} %` : "Vérification du fichier…"); }

  failed(text = "") {
    this.say(text);
    if (this.form.elements.document) this.form.elements.document.value = "";
    this.button.hidden = !this.files.length;
  }

  say(text) { if (this.said) this.said.textContent = text; }
}
customElements.define("drop-zone", DropZone);

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.("[data-document]");
  if (card) event.dataTransfer.setData(KIND, card.dataset.document);
});
