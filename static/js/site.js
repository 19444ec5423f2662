// What every page does with scripts. Without them every page but a live session still works.
import { watchDialogs } from "./dialogs.js";
import { watchDrafts } from "./drafts.js";
import { watchKeptRituals } from "./guided_cache.js";
import { watchPrinting } from "./printing.js";
import { watchRanges } from "./ranges.js";
import { watchShortcuts } from "./shortcuts.js";
import { watchTheme } from "./theme.js";
import { watchTimes } from "./relative.js";

document.documentElement.dataset.js = "";

watchTheme();
watchDialogs();
watchShortcuts();
watchRanges();
watchTimes();
watchDrafts();
watchKeptRituals();
watchPrinting();

// After a refused form, the reader starts at what went wrong.
document.querySelector("[data-focus]")?.focus();
