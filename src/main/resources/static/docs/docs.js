"use strict";

// Nothing here leaves the server: no content network, and no validator badge.
window.ui = SwaggerUIBundle({
  url: new URL("../openapi.yaml", document.baseURI).href,
  dom_id: "#contract",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
