// Where files come in: dropped on it, pasted (data-paste), chosen; they go off at once, in the form inside (data-now). Without script that form has its own button.
const MOST = 100_000_000; // bytes of one request: the server refuses more without reading it
const TOLD = "retkoop.drop"; // what became of files sent one by one, told by the page that comes after
const KIND = "text/x-retkoop-document"; // a document of ours that is dragged to a line
const toast = (text) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "bad" } }));

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
    this.tell(sessionStorage.getItem(TOLD));
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

  send() {
    const files = this.files;
    const large = files.find((file) => file.size > MOST);
    if (large) {
      toast(`« ${large.name} » est trop volumineux : 100 Mo au plus.`);
      this.form.reset();
    } else if (files.length === 1) {
      this.say("Envoi en cours…");
      this.go();
    } else this.sendEach(files);
  }

  /** Several files go one by one: each is kept or refused by itself, and a cut line loses none of those before. The last one goes as one alone does. */
  async sendEach(files) {
    const told = { said: [], refused: [] };
    let kept = 0;
    for (const [place, file] of files.slice(0, -1).entries()) {
      this.say(`Envoi : ${place + 1} sur ${files.length}…`);
      const answer = await this.sendOne(file);
      if (!answer) {
        this.keep(files.slice(place));
        this.failed(`Envoi interrompu après ${place} sur ${files.length} : vérifiez la connexion, puis appuyez sur « Envoyer ».`);
        return;
      }
      kept += answer.kept;
      if (answer.said) told.said.push(answer.said);
      told.refused.push(...answer.refused);
    }
    if (kept > 3) told.said = [`${kept} documents reçus.`];
    sessionStorage.setItem(TOLD, JSON.stringify(told));
    this.keep(files.slice(-1));
    this.say(`Envoi : ${files.length} sur ${files.length}…`);
    this.go();
  }

  async sendOne(file) {
    const data = new FormData(this.form);
    data.delete("fichiers");
    data.append("fichiers", file);
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "error" });
      if (answer.ok) return await answer.json();
      if (answer.status === 413 || answer.status === 507) return { kept: 0, said: "", refused: [`« ${file.name} » n’a pas été gardé : trop volumineux, ou plus de place.`] };
      return null;
    } catch { return null; }
  }

  /** Leave in the form the files that have not gone. */
  keep(files) {
    const left = new DataTransfer();
    for (const file of files) left.items.add(file);
    for (const input of this.querySelectorAll("input[type=file]")) input.value = "";
    this.input.files = left.files;
  }

  tell(kept) {
    if (!kept || !this.said) return;
    sessionStorage.removeItem(TOLD);
    const { said, refused } = JSON.parse(kept);
    this.said.scrollIntoView({ block: "nearest" });
    this.said.replaceChildren(...[...said, ...refused].map((text, place) => {
      const line = document.createElement("span");
      line.textContent = text;
      line.className = place < said.length ? "drop-kept" : "drop-refused";
      return line;
    }));
  }

  go() { this.form.requestSubmit(this.button); }

  progress({ loaded, total }) { if (total) this.say(loaded < total ? `Envoi : ${Math.round((loaded / total) * 100)} %` : "Vérification du fichier…"); }

  failed(text = "") {
    this.say(text);
    if (this.form.elements.document) this.form.elements.document.value = "";
    this.button.hidden = ![...this.querySelectorAll("input[type=file]")].some((input) => input.files.length);
  }

  say(text) { if (this.said) this.said.textContent = text; }
}
customElements.define("drop-zone", DropZone);

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.("[data-document]");
  if (card) event.dataTransfer.setData(KIND, card.dataset.document);
});
