// Zonder dit werkt alles ook: bestanden laten vallen, zien hoeveel er al is verstuurd, en te grote bestanden meteen weten.
const MEGABYTE = 1024 * 1024;

for (const form of document.querySelectorAll("form.upload")) {
  const box = form.querySelector("[data-drop]");
  const input = box.querySelector("input[type=file]");
  const told = form.querySelector("[data-sending]");
  const most = Number(form.dataset.maxMb);

  const tell = (text) => {
    told.hidden = false;
    told.textContent = text;
  };
  const size = () => [...input.files].reduce((sum, file) => sum + file.size, 0) / MEGABYTE;

  for (const kind of ["dragenter", "dragover"]) {
    box.addEventListener(kind, (event) => {
      event.preventDefault();
      box.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    box.addEventListener(kind, () => box.classList.remove("over"));
  }
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = new DataTransfer();
    for (const file of [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1)) dropped.items.add(file);
    input.files = dropped.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", () => {
    if (size() > most) tell(`Samen is dit ${Math.ceil(size())} MB. Er mag hooguit ${most} MB.`);
    else if (input.files.length > 1) tell(`${input.files.length} bestanden gekozen.`);
    else told.hidden = true;
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (size() > most) {
      tell(`Samen is dit ${Math.ceil(size())} MB. Er mag hooguit ${most} MB.`);
      return;
    }
    const button = form.querySelector("button");
    button.disabled = true;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", "Hoeveel er is verstuurd");
    tell("Bezig met versturen…");
    told.append(bar);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (step) => {
      if (step.lengthComputable) bar.value = step.loaded / step.total;
    });
    request.upload.addEventListener("load", () => tell("Verstuurd. Uw document wordt gelezen…"));
    request.addEventListener("load", () => {
      if (request.status < 400 && request.responseURL) {
        location.assign(request.responseURL);
        return;
      }
      const answer = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main p");
      tell(answer ? answer.textContent : "Het versturen lukte niet. Probeer het opnieuw.");
      button.disabled = false;
    });
    request.addEventListener("error", () => {
      tell("Het versturen lukte niet: de verbinding viel weg. Probeer het opnieuw.");
      button.disabled = false;
    });
    request.send(new FormData(form));
  });
}
