// npm under Node 20 starts the scripts with the Node 24 of node_modules; --ignore-scripts leaves it without a binary.
const [major] = process.versions.node.split(".");

if (major !== "24") {
  console.error(
    `Deskline needs Node 24 and this is Node ${process.versions.node}. ` +
      "Run it through npm after `npm ci` (without --ignore-scripts), which brings Node 24 along.",
  );
  process.exit(1);
}
