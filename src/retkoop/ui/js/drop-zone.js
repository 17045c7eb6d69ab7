// Where files come in: dropped on it, pasted (data-paste), chosen; they go off at once, in the form inside (data-now). Without script that form has its own button.
const MOST = 100_000_000; // bytes of one request: the server refuses more without reading it
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

  send() {
    const files = [...this.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    if (files.reduce((sum, file) => sum + file.size, 0) > MOST) {
      toast("L’envoi est trop volumineux : 100 Mo au plus à la fois.");
      this.form.reset();
      return;
    }
    this.say(files.length === 1 ? "Envoi en cours…" : `Envoi de ${files.length} fichiers…`);
    this.go();
  }

  go() { this.form.requestSubmit(this.button); }

  progress({ loaded, total }) { if (total) this.say(loaded < total ? `Envoi : ${Math.round((loaded / total) * 100)} %` : "Vérification du fichier…"); }

  failed() {
    this.say("");
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
