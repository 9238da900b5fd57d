// The minified script, a third of the module's size, which names itself in the window. Its version is filled in by the
// build from the webjar's, so that the two cannot part.
await new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = new URL("../webjars/uplot/@uplot.version@/dist/uPlot.iife.min.js", import.meta.url);
  script.addEventListener("load", resolve);
  script.addEventListener("error", () => reject(new Error("The charts cannot be loaded.")));
  document.head.append(script);
});

export default window.uPlot;
