/** Slack's limits of views, messages, blocks and elements, in characters unless said otherwise. */
export const SURFACE = {
  messageBlocks: 50,
  messageText: 40_000,
  updateText: 4000,
  /** All text of a message's blocks together; Slack refuses at 12,000 and a little. */
  messageBlocksText: 12_000,
  markdownText: 12_000,
  viewBlocks: 100,
  viewTitle: 24,
  viewButton: 24,
  privateMetadata: 3000,
  callbackId: 255,
  externalId: 255,
  viewBytes: 256_000,
  viewStack: 3,
} as const;

export const BLOCK = {
  blockId: 255,
  actionsElements: 25,
  alertLevels: ["default", "info", "warning", "error", "success"],
  cardTitle: 150,
  cardSubtitle: 150,
  cardBody: 200,
  carouselCards: 10,
  containerTitle: 150,
  containerSubtitle: 150,
  containerBlocks: 10,
  contextElements: 10,
  contextActionsElements: 5,
  dataTableRows: 201,
  dataTableColumns: 20,
  dataTablePage: 100,
  dataTableText: 20_000,
  headerText: 150,
  imageUrl: 3000,
  imageAlt: 2000,
  imageTitle: 2000,
  inputLabel: 2000,
  inputHint: 2000,
  sectionText: 3000,
  sectionFields: 10,
  sectionFieldText: 2000,
  tableRows: 100,
  tableColumns: 20,
  tableText: 10_000,
  videoTitle: 199,
  videoAuthor: 49,
} as const;

export const ELEMENT = {
  actionId: 255,
  placeholder: 150,
  buttonText: 75,
  buttonUrl: 3000,
  buttonValue: 2000,
  accessibilityLabel: 75,
  choices: 10,
  overflowOptions: 5,
  selectOptions: 100,
  optionGroups: 100,
  inputLength: 3000,
  files: 10,
  feedbackText: 75,
  feedbackValue: 2000,
} as const;

export const COMPOSITION = {
  text: 3000,
  optionText: 75,
  optionValue: 150,
  optionDescription: 75,
  optionUrl: 3000,
  groupLabel: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
} as const;

export const METADATA_BYTES = 16_000;

/** Of each file in a file_input: 10 MB. */
export const FILE_BYTES = 10 * 1024 * 1024;
