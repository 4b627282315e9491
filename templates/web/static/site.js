// Zonder dit werkt alles ook: een knop om te kopiëren waar iets staat dat u maar één keer ziet.
for (const field of document.querySelectorAll("input[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "second";
  button.textContent = "Kopiëren";
  const told = document.createElement("span");
  told.className = "hidden";
  told.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // zonder https is er geen klembord voor pagina's
    }
    button.textContent = "Gekopieerd";
    told.textContent = "Gekopieerd naar het klembord.";
  });
  field.after(button, told);
}
